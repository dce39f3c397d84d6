/**
 * A form on the way to a page keeps the place on that page: whoever follows a link to one lesson and has to sign
 * in first arrives at the lesson. Browsers carry the place through redirects, but not through a form by themselves.
 *
 *   <form method="post" data-module="keep-place" action="…">
 */
export function start(form) {
  if (location.hash) form.action = new URL(location.hash, form.action).href;
}
