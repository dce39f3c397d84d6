/**
 * Narrows a long list of things to tick to those whose name has what is typed; what is ticked stays ticked.
 *
 *   <div data-module="pick"><input type="search"><p role="status"></p></div> … <label class="facet">…</label> …
 */
export function start(box) {
  const field = box.querySelector("input");
  const status = box.querySelector("[role=status]");
  const groups = [...box.closest("form").querySelectorAll(".pick__group")];
  const opened = new Set(groups.filter((group) => group.open));

  field.addEventListener("input", () => {
    const wanted = field.value.trim().toLowerCase();
    let found = 0;
    for (const group of groups) {
      let here = 0;
      for (const row of group.querySelectorAll(".pick__row, :scope > .facet")) {
        row.hidden = !row.textContent.toLowerCase().includes(wanted);
        if (!row.hidden) here += 1;
      }
      group.hidden = here === 0;
      group.open = wanted ? here > 0 : opened.has(group);
      found += here;
    }
    status.textContent = wanted ? `${found} found` : "";
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault(); // does not send the form
  });
}
