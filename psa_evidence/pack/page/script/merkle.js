// Merkle trees with the hashing of RFC 9162, 2.1: leaves and inner nodes are hashed in separate domains.

const MAX_TREE_PATH = 64;
const LEAF_DOMAIN = Uint8Array.of(0);
const NODE_DOMAIN = Uint8Array.of(1);

function leafHash(data) {
  return sha256(LEAF_DOMAIN, data);
}

function nodeHash(left, right) {
  return sha256(NODE_DOMAIN, left, right);
}

/** The head of the tree over leaf hashes; an odd node rises unchanged, which is RFC 9162's tree. */
function rootOf(leaves) {
  if (!leaves.length) return sha256();
  let level = leaves;
  while (level.length > 1) {
    const above = [];
    for (let i = 0; i + 1 < level.length; i += 2) above.push(nodeHash(level[i], level[i + 1]));
    if (level.length % 2) above.push(level[level.length - 1]);
    level = above;
  }
  return level[0];
}

/** The head that `path` (32-byte hashes) leads to (RFC 9162, 2.1.3.2). Throws Unreadable when it cannot be a path.
    Indices lie below 2^53, so halves are taken by division: bit operators would cut at 2^32. */
function rootFromPath(leaf, index, size, path) {
  if (!(index >= 0 && index < size)) throw new Unreadable(`no leaf ${index} in a tree of ${size}`);
  if (path.length > MAX_TREE_PATH) throw new Unreadable(`a path of ${path.length} hashes is too long`);
  let node = index;
  let last = size - 1;
  let here = leaf;
  for (const sibling of path) {
    if (sibling.length !== 32) throw new Unreadable("a hash in the path is not 32 bytes long");
    if (last === 0) throw new Unreadable("the path is longer than the tree is high");
    if (node % 2 === 1 || node === last) {
      here = nodeHash(sibling, here);
      while (node % 2 === 0 && node !== 0) {
        node /= 2;
        last = Math.floor(last / 2);
      }
    } else {
      here = nodeHash(here, sibling);
    }
    node = Math.floor(node / 2);
    last = Math.floor(last / 2);
  }
  if (last !== 0) throw new Unreadable("the path ends below the head");
  return here;
}
