/* How long a deadline is still away by the server's clock, and its hour where the browser is; the browser's clock is not asked. */
export function startCountdowns() {
  for (const place of document.querySelectorAll("[data-countdown]")) start(place);
}

function start(place) {
  const opened = performance.now();
  const left = Number(place.dataset.seconds);
  const words = place.dataset;
  const ends = new Date(place.dataset.countdown);
  const elsewhere = hereInWords(ends, words);

  function tick() {
    const seconds = Math.floor(left - (performance.now() - opened) / 1000);
    const text = seconds > 0 ? words.left.replace("{time}", inWords(seconds, words)) : words.over;
    const whole = seconds > 0 && elsewhere ? `${text} · ${elsewhere}` : text;
    if (place.textContent !== whole) place.textContent = whole;
    if (seconds > 0) setTimeout(tick, seconds > 3700 ? 30000 : 1000);
  }
  tick();
  place.hidden = false;
}

function inWords(seconds, words) {
  const days = Math.floor(seconds / 86400);
  const hours = Math.floor((seconds % 86400) / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  if (days) return `${days} ${words.days} ${hours} ${words.hours}`;
  if (hours) return `${hours} ${words.hours} ${minutes} ${words.minutes}`;
  return `${minutes} ${words.minutes} ${seconds % 60} ${words.secondsWord}`;
}

// Said only where the browser's zone is neither the region's nor Paris.
function hereInWords(ends, words) {
  const language = document.documentElement.lang || "fr";
  const at = (timeZone) => new Intl.DateTimeFormat(language, { dateStyle: "long", timeStyle: "short", timeZone }).format(new Date(ends - 1));
  const here = at(undefined);
  return here === at(words.zone) || here === at("Europe/Paris") ? "" : words.here.replace("{time}", here);
}
