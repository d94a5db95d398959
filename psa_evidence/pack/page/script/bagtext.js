// The text files of a bag (RFC 8493, section 2), read strictly. A pack is a bag of version 1.0 in UTF-8.

/** `bagit.txt`. Throws Unreadable when it is not the declaration of a pack. */
function checkDeclaration(bytes) {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) throw new Unreadable("begins with a byte-order mark");
  const match = /^BagIt-Version: *(\d{1,3})\.(\d{1,3})(?:\r\n|\n|\r)Tag-File-Character-Encoding[ \t]*: *([A-Za-z0-9._-]{1,40})[ \t]*(?:\r\n|\n|\r)*$/.exec(textOf(bytes));
  if (!match) throw new Unreadable("not the two lines BagIt-Version and Tag-File-Character-Encoding");
  if (Number(match[1]) !== 1 || Number(match[2]) !== 0 || match[3].toUpperCase() !== "UTF-8") {
    throw new Unreadable("a pack is a bag of version 1.0 in UTF-8");
  }
}

/** [{digest, path}] of a manifest, which a pack writes in one way only; in its order, duplicates and all. Throws Unreadable. */
function manifestEntries(bytes) {
  const text = textOf(bytes);
  const line = /([0-9a-f]{64}) {2}([^\n\r%]+)\n/y; // goes on where it ended
  const entries = [];
  while (line.lastIndex < text.length) {
    const match = line.exec(text);
    if (!match) {
      throw new Unreadable(`line ${entries.length + 1} is not written as sha256sum writes it: SHA-256 in small letters, two blanks, a path without %, and LF alone at the end`);
    }
    entries.push({ digest: match[1], path: match[2] });
  }
  return entries;
}

/** [[label in lower case, value]] of `bag-info.txt`; folded lines are joined. Throws Unreadable. */
function bagLabels(bytes) {
  const labels = [];
  for (const [number, line] of bagLines(bytes)) {
    const match = /^([^\s:][^:]*?)[ \t]*:(.*)$/s.exec(line);
    if (/^[ \t]/.test(line) && labels.length) labels[labels.length - 1][1] += ` ${line.trim()}`;
    else if (match) labels.push([match[1].toLowerCase(), match[2].trim()]);
    else throw new Unreadable(`line ${number} is not a label and a value`);
  }
  return labels;
}

/** Payload-Oxum: [bytes, files] as BigInt. Throws Unreadable. */
function oxumOf(value) {
  const match = /^([0-9]{1,18})\.([0-9]{1,18})$/.exec(value);
  if (!match) throw new Unreadable("Payload-Oxum is not two numbers with a point between");
  return [BigInt(match[1]), BigInt(match[2])];
}

/** Lines end with LF, CR or CRLF and nothing else; blank ones are passed over. */
function* bagLines(bytes) {
  let number = 0;
  for (const line of textOf(bytes).split(/\r\n|\n|\r/)) {
    number += 1;
    if (/[^ \t]/.test(line)) yield [number, line];
  }
}
