/**
 * Puts in place what stands on a page of its own, when the reader comes near; until then, and without a script, there
 * is a link to that page.
 *
 *   <div data-module="others" data-from="like-this"><a href="/address/">Others like this</a></div>
 */
export function start(place) {
  const link = place.querySelector("a");
  const near = new IntersectionObserver(
    async (entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      near.disconnect();
      try {
        const response = await fetch(link.href, { redirect: "manual" });
        if (!response.ok) return;
        const page = new DOMParser().parseFromString(await response.text(), "text/html");
        const found = page.getElementById(place.dataset.from);
        if (found) place.replaceChildren(...found.children); // rendered by the server, as on its own page
      } catch {
        // Not there at the moment: the link is
      }
    },
    { rootMargin: "200px" },
  );
  near.observe(place);
}
