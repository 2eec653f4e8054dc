/* Questions that come and go with another answer, and those made of several inputs (a table, an address).
   Without this script the server decides at each save, and each save offers two more rows. */
import { valueOf } from "./fields.js";

export function startQuestions() {
  for (const question of document.querySelectorAll("[data-asked-if]")) followAnswer(question);
  for (const box of document.querySelectorAll("[data-compound]")) keepInStep(box);
  for (const box of document.querySelectorAll("[data-answers-of]")) followQuestion(box);
}

// Of the answers that a condition may name, only those of the question chosen.
function followQuestion(box) {
  const chosen = document.getElementById(box.dataset.answersOf);
  const show = () => {
    let some = false;
    for (const tick of box.querySelectorAll("input[type=checkbox]")) {
      const fits = tick.value.startsWith(`${chosen.value}=`);
      tick.closest(".tick").hidden = !fits;
      some ||= fits;
    }
    box.hidden = !some;
  };
  chosen?.addEventListener("change", show);
  if (chosen) show();
}

function followAnswer(question) {
  const form = question.closest("form");
  const controls = form ? [...form.querySelectorAll(`[name="${CSS.escape(question.dataset.askedIf)}"]`)] : [];
  if (!controls.length) return;
  const wanted = question.dataset.oneOf ? question.dataset.oneOf.split(",") : null;
  const show = () => {
    const value = valueOf(form, controls[0]);
    const given = controls[0].type === "checkbox" && controls.length > 1 ? value.split(",") : [value];
    const asked = !controls[0].closest("[data-question]")?.hidden;
    question.hidden = !(asked && (wanted ? given.some((code) => wanted.includes(code)) : value.trim() !== ""));
    question.dispatchEvent(new CustomEvent("asked", { bubbles: true }));
  };
  for (const kind of ["input", "change", "taken", "asked"]) form.addEventListener(kind, (event) => { if (event.target !== question) show(); });
  show();
}

// One text, sent by the save of an answer, is kept in step with the inputs; and the inputs with it, when another text is taken.
function keepInStep(box) {
  const held = box.querySelector("textarea[name]");
  const isTable = box.dataset.compound === "table";
  if (!held) return;
  let ours = false;
  const write = (kind) => {
    const text = isTable ? tableText(box) : addressText(box);
    if (kind === "input" && text === held.value) return;
    held.value = text;
    ours = true;
    held.dispatchEvent(new Event(kind, { bubbles: true }));
    ours = false;
  };
  const read = () => { if (!ours) isTable ? fillTable(box, held.value) : fillAddress(box, held.value); };
  box.addEventListener("input", (event) => { if (event.target !== held) write("input"); });
  box.addEventListener("focusout", (event) => { if (event.target !== held && !box.contains(event.relatedTarget)) write("change"); });
  held.addEventListener("input", read);
  held.addEventListener("taken", read);
  box.querySelector("[data-add-row]")?.addEventListener("click", () => addRow(box));
  box.classList.add("is-live");
}

const rowsOf = (box) => [...box.querySelectorAll("tbody tr")];
const sorted = (entries) => Object.fromEntries(entries.filter(([, text]) => text.trim()).sort(([one], [other]) => (one < other ? -1 : 1)));

function tableText(box) {
  const rows = rowsOf(box).map((row) => sorted([...row.querySelectorAll("[data-cell]")].map((cell) => [cell.dataset.cell, cell.value])));
  const filled = rows.filter((row) => Object.keys(row).length);
  return filled.length ? JSON.stringify(filled) : "";
}

function addressText(box) {
  const parts = sorted([...box.querySelectorAll("[data-part]")].map((part) => [part.dataset.part, part.value]));
  return Object.keys(parts).length ? JSON.stringify(parts) : "";
}

function parsed(text, empty) {
  try { return text ? JSON.parse(text) : empty; } catch { return empty; }
}

function fillTable(box, text) {
  const rows = parsed(text, []);
  while (rowsOf(box).length < rows.length && addRow(box));
  rowsOf(box).forEach((row, place) => {
    for (const cell of row.querySelectorAll("[data-cell]")) cell.value = rows[place]?.[cell.dataset.cell] ?? "";
  });
}

function fillAddress(box, text) {
  const parts = parsed(text, {});
  for (const part of box.querySelectorAll("[data-part]")) part.value = parts[part.dataset.part] ?? "";
}

function addRow(box) {
  const table = box.querySelector("table");
  const rows = rowsOf(box);
  if (rows.length >= Number(table.dataset.most)) return false;
  const row = rows[0].cloneNode(true);
  for (const cell of row.querySelectorAll("[data-cell]")) {
    const number = rows.length + 1;
    cell.value = "";
    cell.name = cell.name.replace(/\.0\.([^.]*)$/, `.${rows.length}.$1`);
    cell.setAttribute("aria-label", cell.getAttribute("aria-label").replace(/\d+$/, String(number)));
  }
  table.tBodies[0].append(row);
  row.querySelector("[data-cell]").focus();
  const button = box.querySelector("[data-add-row]");
  if (button) button.disabled = rows.length + 1 >= Number(table.dataset.most);
  return true;
}
