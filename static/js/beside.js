/**
 * What stands beside a text, warnings and remarks, answered without leaving it.
 *
 *   <div data-module="beside">
 *     <a href="#id_markdown" data-find="the words" data-near="120">Go to it</a>
 *     <form data-replace="id_markdown"> … name="words", name="instead" …    in the text itself, so that it can be undone
 *     <form data-panel-form> …                                               sent; the answer is the panel as it is now
 */
export async function start(panel, addresses) {
  const { put } = await import(addresses.toolbar);

  panel.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-find]");
    const text = link && document.getElementById(link.hash.slice(1));
    if (!text) return;
    event.preventDefault();
    choose(text, link.dataset.find, Number(link.dataset.near));
  });

  panel.addEventListener("submit", async (event) => {
    const form = event.target;
    const text = form.dataset.replace && document.getElementById(form.dataset.replace);
    if (text) {
      event.preventDefault();
      replaceAll(text, form.elements.words.value, form.elements.instead.value.trim(), put);
    } else if (form.matches("[data-panel-form]")) {
      event.preventDefault();
      await answer(form, event.submitter);
    }
  });

  async function answer(form, submitter) {
    try {
      const response = await fetch(form.action, {
        method: "POST",
        body: new FormData(form, submitter),
        headers: { "X-Editor": "panel" },
        redirect: "manual",
      });
      if (!response.ok && response.status !== 422) throw new Error(response.status);
      panel.innerHTML = await response.text(); // rendered by the server, as on the page itself
      panel.tabIndex = -1;
      panel.focus();
    } catch {
      const said = document.createElement("p");
      said.className = "govuk-error-message";
      said.setAttribute("role", "alert");
      said.textContent = "This could not be sent. Nothing is lost: try again in a moment.";
      form.prepend(said);
    }
  }
}

/** Select the words in the text: where they were found, or where they have moved to. */
function choose(text, words, near) {
  let at = text.value.indexOf(words, near);
  if (at === -1) at = text.value.lastIndexOf(words);
  text.focus();
  if (at === -1) return;
  text.setSelectionRange(at, at + words.length);
  // Bring it into view within the text, which browsers do only while typing
  const lines = text.value.slice(0, at).length / Math.max(text.value.length, 1);
  if (text.scrollHeight > text.clientHeight) text.scrollTop = lines * text.scrollHeight - text.clientHeight / 2;
}

function replaceAll(text, words, instead, put) {
  if (!instead || !words) return;
  for (let at = text.value.indexOf(words); at !== -1; at = text.value.indexOf(words, at + instead.length)) {
    text.setSelectionRange(at, at + words.length);
    put(text, instead);
  }
}
