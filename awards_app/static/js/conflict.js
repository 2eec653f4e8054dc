/* Two texts for one answer, side by side; the one that is not chosen stays in the answer's history. */
import { boxOf, valueOf } from "./fields.js";

const make = (tag, values = {}, children = []) => {
  const element = Object.assign(document.createElement(tag), values);
  element.append(...children);
  return element;
};

export function showConflict(form, field, answer, words, { mine, theirs, history }) {
  const id = `${field.id}-conflict`;
  document.getElementById(id)?.remove();
  const said = words?.dataset ?? {};
  const settle = (then) => { box.remove(); field.focus(); then(); };
  const button = (text, act) => {
    const one = make("button", { type: "button", className: "button secondary", textContent: text });
    one.addEventListener("click", () => settle(act));
    return one;
  };
  const text = (title, value) => make("div", { className: "stack-tight" }, [
    make("p", { className: "overline", textContent: title }),
    make("p", { className: "filed-text", textContent: value }),
  ]);
  const shown = answer.yours_text ?? (field.type === "radio" || field.type === "checkbox" ? "" : valueOf(form, field));
  const inside = make("div", { className: "stack-tight" }, [
    make("p", { className: "alert-title", textContent: answer.message || said.conflict || "" }),
    ...(answer.changes?.length ? [make("ul", {}, answer.changes.map((change) => make("li", { textContent: change })))] : []),
    make("div", { className: "columns" }, [
      ...(shown && said.yours ? [text(said.yours, shown)] : []),
      text(said.theirs || "", answer.theirs_text ?? answer.theirs ?? ""),
    ]),
    ...(history && said.history ? [make("p", { className: "small" }, [make("a", { href: history, target: "_blank", textContent: said.history })])] : []),
    make("div", { className: "button-row" }, [button(said.keepMine, mine), button(said.takeTheirs, theirs)]),
  ]);
  const box = make("div", { className: "alert warning", id, tabIndex: -1 }, [inside]);
  box.setAttribute("role", "alert");
  boxOf(field).append(box);
}
