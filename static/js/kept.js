/**
 * Keeps what is written and not saved yet in this browser, for one person and one form, and for nobody else.
 *
 * Many share a computer, so what is kept is enciphered with a key that only the server has, and gives only to the
 * person who wrote it. A browser without the means (a page that did not come over a safe connection) keeps nothing,
 * and `put` says so.
 */
const PREFIX = "debriefs:";
const LONGEST = 14 * 24 * 60 * 60 * 1000;

/** What is kept under this name. Each window writes to a place of its own, so none overwrites another's. */
export async function shelf(name, secret) {
  const start = `${PREFIX}${name}:`;
  const mine = `${start}${Date.now().toString(36)}${Math.random().toString(36).slice(2, 6)}`;
  const key = globalThis.crypto?.subtle ? await keyFrom(secret) : null;
  let turn = Promise.resolve();
  forgetOld();

  /** One after the other, or an earlier text could be written over a later one. */
  function next(act) {
    turn = turn.then(act, act);
    return turn;
  }

  return {
    mine,

    /** Keep these fields; whether they are kept now. */
    put: (entry) =>
      next(async () => {
        if (!key) return false;
        try {
          localStorage.setItem(mine, await enciphered(key, { ...entry, at: Date.now() }));
          return true;
        } catch {
          return false; // no room, or not allowed
        }
      }),

    /** Forget what is kept at a place. */
    drop: (place) => next(async () => localStorage.removeItem(place)),

    /** What was kept by earlier windows, newest first. */
    earlier: async () => {
      if (!key) return [];
      const found = [];
      for (const place of places(start)) {
        if (place === mine) continue;
        const entry = await deciphered(key, localStorage.getItem(place));
        if (entry) found.push({ ...entry, place });
      }
      return found.sort((one, other) => other.at - one.at);
    },
  };
}

function places(start) {
  try {
    return Object.keys(localStorage).filter((place) => place.startsWith(start));
  } catch {
    return []; // not allowed here
  }
}

function forgetOld() {
  for (const place of places(PREFIX)) {
    const [at] = (localStorage.getItem(place) ?? "").split(".");
    if (!(Date.now() - Number(at) < LONGEST)) localStorage.removeItem(place);
  }
}

async function keyFrom(secret) {
  return crypto.subtle.importKey("raw", bytes(secret), "AES-GCM", false, ["encrypt", "decrypt"]);
}

async function enciphered(key, entry) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const plain = new TextEncoder().encode(JSON.stringify(entry));
  const secret = new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, plain));
  return `${entry.at}.${characters(iv)}.${characters(secret)}`;
}

async function deciphered(key, kept) {
  const [, iv, secret] = (kept ?? "").split(".");
  try {
    const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: bytes(iv) }, key, bytes(secret));
    return JSON.parse(new TextDecoder().decode(plain));
  } catch {
    return null; // not ours to read
  }
}

function bytes(text) {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

function characters(array) {
  let text = "";
  for (const byte of array) text += String.fromCharCode(byte);
  return btoa(text);
}
