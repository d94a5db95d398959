// Bytes and text: hexadecimal, strict UTF-8, and how a stranger's text is shown.

/** What is wrong with a file of the pack, in words. Hostile bytes end in one of these and in nothing else. */
class Unreadable extends Error {}

/** A check that this browser or this page cannot make: neither a pass nor a fail. */
class NotPossible extends Unreadable {}

const HEX_OF = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));
const UTF8_OUT = new TextEncoder();

function hex(bytes) {
  let text = "";
  for (const byte of bytes) text += HEX_OF[byte];
  return text;
}

/** Bytes of an even number of hexadecimal digits that the caller has checked. */
function unhex(text) {
  const out = new Uint8Array(text.length / 2);
  for (let i = 0; i < out.length; i += 1) out[i] = parseInt(text.substr(i * 2, 2), 16);
  return out;
}

function utf8(text) {
  return UTF8_OUT.encode(text);
}

/** Text of UTF-8 bytes, a byte-order mark kept. Throws Unreadable. */
function textOf(bytes, what = "not UTF-8 text") {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Unreadable(what);
  }
}

function sameBytes(a, b) {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i += 1) if (a[i] !== b[i]) return false;
  return true;
}

function joined(parts) {
  let size = 0;
  for (const part of parts) size += part.length;
  const out = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

const SHOWN = 200;

/** `text` made harmless to show: no control, direction or half characters, at most 200 characters. */
function shown(text) {
  const characters = [...text.slice(0, 2 * SHOWN + 2)].slice(0, SHOWN + 1);
  const safe = characters
    .map((c) => (c !== " " && /[\p{C}\p{Z}]/u.test(c) ? `\\u{${c.codePointAt(0).toString(16)}}` : c))
    .join("");
  const points = [...safe];
  return points.length <= SHOWN ? safe : `${points.slice(0, SHOWN).join("")}…`;
}

/** `1 file`, `2,000 files`. */
function counted(number, thing) {
  return `${commas(number)} ${thing}${number === 1 ? "" : "s"}`;
}

function commas(number) {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** Lets the browser draw and answer before long work goes on. */
function pause() {
  return new Promise((resume) => setTimeout(resume, 0));
}
