/**
 * Buttons and keys above a text that is written in Markdown. What they do can be undone like anything typed.
 *
 *   <textarea id="id_markdown" data-module="toolbar">
 */
const MAC = /Mac|iPhone|iPad/.test(navigator.platform);

/** [what it is called, its words on the button, keys, what it does to the text]. Keys are with Ctrl, or ⌘ on a Mac. */
const TOOLS = [
  ["Bold", "B", "b", (text) => around(text, "**", "bold words")],
  ["Italic", "I", "i", (text) => around(text, "_", "words")],
  ["Heading", "Heading", "", (text) => lines(text, () => "### ", /^#{1,6} /)],
  ["Bullets", "Bullets", "Shift+8", (text) => lines(text, () => "- ", /^[-*+] /, true)],
  ["Numbers", "Numbers", "Shift+7", (text) => lines(text, (number) => `${number + 1}. `, /^\d+\. /, true)],
  ["Quote", "Quote", "Shift+9", (text) => lines(text, () => "> ", /^> /, true)],
  ["Link", "Link", "k", link],
  ["Table", "Table", "", table],
];

export function start(text) {
  const bar = document.createElement("div");
  bar.className = "toolbar";
  bar.setAttribute("role", "toolbar");
  bar.setAttribute("aria-controls", text.id);
  const label = document.querySelector(`label[for="${text.id}"]`)?.textContent.trim();
  bar.setAttribute("aria-label", label ? `Format: ${label}` : "Format");

  const buttons = TOOLS.map(([name, words, keys, act]) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = `toolbar__button toolbar__button--${name.toLowerCase().replace(" ", "-")}`;
    button.textContent = words;
    button.setAttribute("aria-label", name);
    button.title = keys ? `${name} (${spoken(keys)})` : name;
    if (keys) button.setAttribute("aria-keyshortcuts", `${MAC ? "Meta" : "Control"}+${keys}`);
    button.addEventListener("click", () => act(text));
    return button;
  });
  bar.append(...buttons);
  oneTabStop(bar, buttons);
  text.before(bar);

  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.isComposing && !modified(event)) return goOnWithList(event, text);
    if (!(MAC ? event.metaKey : event.ctrlKey) || event.altKey) return;
    const tool = TOOLS.find(([, , keys]) => keys && pressed(event, keys));
    if (!tool) return;
    event.preventDefault();
    tool[3](text);
  });
}

function modified(event) {
  return event.shiftKey || event.ctrlKey || event.metaKey || event.altKey;
}

function spoken(keys) {
  return `${MAC ? "⌘ " : "Ctrl+"}${keys.length === 1 ? keys.toUpperCase() : keys}`;
}

function pressed(event, keys) {
  const shift = keys.startsWith("Shift+");
  const key = keys.at(-1);
  // With Shift a digit types something else, so the key itself is asked, wherever it is on the keyboard.
  return event.shiftKey === shift && (shift ? event.code === `Digit${key}` : event.key.toLowerCase() === key);
}

/** The bar is one stop of the tab key; arrows, Home and End go from button to button. */
function oneTabStop(bar, buttons) {
  let current = 0;
  function reach(number) {
    buttons[current].tabIndex = -1;
    current = (number + buttons.length) % buttons.length;
    buttons[current].tabIndex = 0;
  }
  for (const button of buttons) button.tabIndex = -1;
  reach(0);
  bar.addEventListener("focusin", (event) => reach(buttons.indexOf(event.target)));
  bar.addEventListener("keydown", (event) => {
    const to = { ArrowRight: current + 1, ArrowLeft: current - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    reach(to);
    buttons[current].focus();
  });
}

/** Put `words` where the selection is, in a way that the browser can undo, and select from `start` to `end`. */
export function put(text, words, from, to) {
  text.focus();
  // Deprecated, but the only way that keeps the history of undoing; setRangeText forgets it.
  if (!document.execCommand(words ? "insertText" : "delete", false, words)) {
    text.setRangeText(words, text.selectionStart, text.selectionEnd, "end");
    text.dispatchEvent(new Event("input", { bubbles: true }));
  }
  if (from !== undefined) text.setSelectionRange(from, to);
}

function around(text, sign, instead) {
  const { selectionStart: start, selectionEnd: end, value } = text;
  const chosen = value.slice(start, end);
  const outside = value.slice(start - sign.length, start) === sign && value.slice(end, end + sign.length) === sign;
  if (outside) {
    text.setSelectionRange(start - sign.length, end + sign.length);
    put(text, chosen, start - sign.length, end - sign.length);
    return;
  }
  const words = chosen || instead;
  put(text, sign + words + sign, start + sign.length, start + sign.length + words.length);
}

/** Begin every chosen line with a sign, or take the signs away where all lines have one. */
function lines(text, sign, has, apart = false) {
  const { value } = text;
  const start = value.lastIndexOf("\n", text.selectionStart - 1) + 1;
  const stop = value.indexOf("\n", text.selectionEnd);
  const end = stop === -1 ? value.length : stop;
  const before = value.slice(start, end).split("\n");
  const written = before.filter((line) => line.trim());
  const off = written.length > 0 && written.every((line) => has.test(line));
  let number = 0;
  let after = before
    .map((line) => (off ? line.replace(has, "") : line.trim() || before.length === 1 ? sign(number++) + line : line))
    .join("\n");
  // A list or a quote needs an empty line before it.
  if (!off && apart && start > 0 && value[start - 2] !== "\n") after = `\n${after}`;
  text.setSelectionRange(start, end);
  put(text, after);
}

function link(text) {
  const { selectionStart: start, selectionEnd: end, value } = text;
  const words = value.slice(start, end) || "words";
  const address = "https://";
  put(text, `[${words}](${address})`, start + words.length + 3, start + words.length + 3 + address.length);
}

function table(text) {
  const { selectionStart: start, value } = text;
  const apart = start === 0 || value.slice(0, start).endsWith("\n\n") ? "" : value[start - 1] === "\n" ? "\n" : "\n\n";
  text.setSelectionRange(start, start);
  put(
    text,
    `${apart}| Date | What happened |\n| --- | --- |\n|  |  |\n\n`,
    start + apart.length + 2,
    start + apart.length + 6,
  );
}

/** Enter at the end of a line of a list begins the next; on an empty one it ends the list. */
function goOnWithList(event, text) {
  const { selectionStart: at, selectionEnd, value } = text;
  if (at !== selectionEnd) return;
  const start = value.lastIndexOf("\n", at - 1) + 1;
  const found = /^(\s*)([-*+]|(\d+)\.|>) (.*)$/.exec(value.slice(start, at));
  if (!found) return;
  event.preventDefault();
  const [, indent, sign, number, words] = found;
  if (words.trim()) {
    put(text, `\n${indent}${number ? `${Number(number) + 1}.` : sign} `);
    return;
  }
  text.setSelectionRange(start, at);
  put(text, "");
}
