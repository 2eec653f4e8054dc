/* What a field of a form says and takes, whatever its kind. */
export const saves = (field) => Boolean(field.name) && field.name !== "csrf_token" && !["file", "submit", "button", "hidden"].includes(field.type) && !field.closest("[data-no-autosave]");
export const versionHolder = (field) => (field.dataset.version === undefined && field.closest("[data-version]")) || field;
export const versionOf = (field) => versionHolder(field).dataset.version ?? "";
const named = (form, name) => [...form.querySelectorAll(`[name="${CSS.escape(name)}"]`)];

export function valueOf(form, field) {
  if (field.type === "radio") return named(form, field.name).find((one) => one.checked)?.value ?? "";
  if (field.type === "checkbox") {
    const boxes = named(form, field.name);
    return boxes.length > 1 ? boxes.filter((box) => box.checked).map((box) => box.value).join(",") : field.checked ? field.value || "y" : "";
  }
  return field.value;
}

export function take(form, field, value) {
  if (field.type === "radio") for (const one of named(form, field.name)) one.checked = one.value === value;
  else if (field.type === "checkbox") {
    const boxes = named(form, field.name);
    for (const box of boxes) box.checked = boxes.length > 1 ? value.split(",").includes(box.value) : value !== "";
  } else field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

// A value as people read it: a choice by its label, a table or an address by what its inputs hold.
export function wordsOf(form, field, value) {
  if (field.type === "radio" || field.type === "checkbox") {
    const chosen = value.split(",");
    return named(form, field.name).filter((one) => chosen.includes(one.value)).map((one) => one.labels[0]?.textContent.trim()).join(", ");
  }
  if (!field.closest("[data-compound]")) return value;
  try { return [JSON.parse(value || "[]")].flat().map((part) => Object.values(part).join(" ; ")).join("\n"); } catch { return value; }
}

// The version goes back with the next save, and with the whole form through its hidden copies.
export function seenVersion(form, field, answer) {
  const holder = versionHolder(field);
  if (answer.version !== undefined) holder.dataset.version = answer.version;
  const copy = holder.id && form.querySelector(`[data-version-copy="${CSS.escape(holder.id)}"]`);
  if (copy) copy.value = answer.version;
  const base = answer.base && form.querySelector(`[name="base-${CSS.escape(field.name)}"]`);
  if (base) base.value = answer.base;
}

export const boxOf = (field) => field.closest(".field, .score") || field.parentElement;

// The question a field belongs to, in words.
export function labelOf(field) {
  const box = boxOf(field);
  const label = box.querySelector("legend") || (field.id && document.querySelector(`label[for="${CSS.escape(field.id)}"]`));
  return (label?.firstChild?.textContent || label?.textContent || field.name).trim();
}
