/**
 * Folds the filter panel away on a small screen, behind a button; on a wide one the button isn't shown.
 *
 *   <button type="button" data-module="filter" aria-controls="library-form" data-needs-script>Show filters</button>
 */
export function start(button) {
  const panel = document.getElementById(button.getAttribute("aria-controls"));
  if (!panel) return;

  function fold(folded) {
    panel.classList.toggle("filter--folded", folded);
    button.setAttribute("aria-expanded", String(!folded));
    button.textContent = folded ? "Show filters" : "Hide filters";
  }

  button.addEventListener("click", () => {
    const folded = !panel.classList.contains("filter--folded");
    fold(folded);
    if (!folded) panel.querySelector("h2, legend, input, summary")?.scrollIntoView({ block: "nearest" });
  });
  fold(true);
}
