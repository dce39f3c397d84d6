/**
 * Results that follow what is typed and ticked, on the page of what was found. htmx asks and puts in what comes back;
 * this keeps what the reader had, and leaves to an ordinary page what is none.
 *
 *   <form data-module="results" hx-get="/address/" …>…<p role="status" data-announce></p></form>
 */
export function start(form) {
  if (!window.htmx) return;
  form.classList.add("instant");
  const status = form.querySelector("[data-announce]");
  const results = form.querySelector("#results");
  let open = [];
  let onChip = false;

  const groups = () => [...form.querySelectorAll("details[id]")];

  form.addEventListener("htmx:beforeRequest", (event) => {
    onChip = event.target.matches(".chip");
  });
  form.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr, isError } = event.detail;
    // The way in, after a session has ended; or something that went wrong: a page of its own says which
    const elsewhere = new URL(xhr.responseURL).pathname !== new URL(form.action).pathname;
    if (elsewhere || isError) {
      event.detail.shouldSwap = false;
      location.assign(`?${asked()}`);
    } else open = groups().map((group) => [group.id, group.open]);
  });
  form.addEventListener("htmx:afterSettle", () => {
    for (const [id, was] of open) {
      const group = document.getElementById(id);
      if (group) group.open = was;
    }
    if (onChip) results.querySelector("h2")?.focus();
    onChip = false;
  });
  form.addEventListener("htmx:sendError", () => {
    status.textContent = "Not updated: there is no connection to the portal. Press Search to try again.";
    status.classList.remove("govuk-visually-hidden");
  });
  form.addEventListener("htmx:afterOnLoad", () => status.classList.add("govuk-visually-hidden"));

  // Search is an ordinary page, with a step of its own in the history; its address holds nothing that is empty
  form.addEventListener("formdata", ({ formData }) => {
    for (const [name, value] of [...formData]) if (!value) formData.delete(name);
  });

  /** What the form asks. */
  function asked() {
    return new URLSearchParams(new FormData(form));
  }
}
