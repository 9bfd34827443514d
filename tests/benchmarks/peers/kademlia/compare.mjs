// Lookups in a public implementation of Kademlia, counted, to hold against those of motley (docs/swarm.md):
//     npm install && node compare.mjs [lookups] [sizes, largest last]
// k-bucket 5.1.0 keeps the contacts of each node, k-rpc 5.1.0 makes the lookups of BitTorrent's network. Messages go
// through memory instead of sockets, one at a time, so that a lookup sees no other.
//   hops      greedy walks over the contacts of k-bucket: each step to the contact that is closest to the target
//   requests  k-rpc's own iterative lookup of the 20 closest nodes, 3 requests at a time
import { createHash } from 'node:crypto';
import { EventEmitter } from 'node:events';
import KBucket from 'k-bucket';
import KRPC from 'k-rpc';

const lookups = Number(process.argv[2] ?? 400);
const sizes = (process.argv[3] ?? '256,1024,4096').split(',').map(Number);

let drawn = 0;
/** Bytes that depend on the number of the draw only. */
const bytes = (count) => createHash('sha256').update(`motley ${drawn++}`).digest().subarray(0, count);
const below = (limit) => bytes(6).readUIntBE(0, 6) % limit;

const port = (i) => ({ host: `10.0.${i >> 8}.${i & 255}`, port: 1 });
const number = (peer) => { const p = peer.host.split('.').map(Number); return (p[2] << 8) | p[3]; };

/** A socket that asks the table of the other node at once, and answers in the next tick. */
class Memory extends EventEmitter {
  constructor(own, network) { super(); this.own = own; this.network = network; this.inflight = 0; this.requests = 0; }
  query(peer, message, done) {
    this.inflight++;
    this.requests++;
    process.nextTick(() => {
      const other = this.network[number(peer)];
      const found = other.nodes.closest(message.a.target, 20);
      const nodes = Buffer.alloc(26 * found.length);
      found.forEach((f, i) => {
        f.id.copy(nodes, 26 * i);
        f.host.split('.').forEach((b, j) => { nodes[26 * i + 20 + j] = Number(b); });
        nodes.writeUInt16BE(f.port, 26 * i + 24);
      });
      this.inflight--;
      done(null, { r: { id: other.id, nodes } }, { address: peer.host, port: peer.port });
      this.emit('update');
      this.emit('postupdate');
    });
  }
  destroy(done) { if (done) done(); }
}

/** Nodes that each heard of all others, in an order of their own. */
function made(count, contacts) {
  const ids = Array.from({ length: count }, () => bytes(20));
  const nodes = ids.map((id) => ({ id, nodes: new KBucket({ localNodeId: id, numberOfNodesPerKBucket: contacts }) }));
  const order = ids.map((_, i) => i);
  for (const node of nodes) {
    // A few swaps would leave orders alike, so that all nodes knew the same contacts: each order is shuffled anew.
    let state = bytes(4).readUInt32BE(0) | 1;
    for (let i = count; i > 1; i--) {
      state = Math.imul(state, 1664525) + 1013904223 | 0;
      const j = Number((BigInt(state >>> 0) * BigInt(i)) >> 32n);
      [order[i - 1], order[j]] = [order[j], order[i - 1]];
    }
    for (const i of order) if (nodes[i] !== node) node.nodes.add({ id: ids[i], ...port(i) });
  }
  return nodes;
}

function hops(nodes, from, target) {
  let at = from;
  let count = 0;
  while (at !== target) {
    at = number(nodes[at].nodes.closest(nodes[target].id, 1)[0]);
    count++;
  }
  return count;
}

function requests(nodes, from, target) {
  const socket = new Memory(from, nodes);
  const rpc = new KRPC({ id: nodes[from].id, krpcSocket: socket, bootstrap: false, k: 20, concurrency: 3 });
  rpc.nodes = nodes[from].nodes;
  return new Promise((resolve, reject) => {
    rpc.closest(target, { q: 'find_node', a: { id: nodes[from].id, target } }, null,
      (error) => error ? reject(error) : resolve(socket.requests));
  });
}

const summary = (values) => {
  const mean = values.reduce((a, b) => a + b) / values.length;
  const squares = values.reduce((a, b) => a + (b - mean) ** 2, 0);
  return `${mean.toFixed(3)} +- ${Math.sqrt(squares / (values.length - 1) / values.length).toFixed(3)}`;
};

for (const contacts of [20, 8]) {
  for (const count of sizes) {
    const nodes = made(count, contacts);
    const walked = [];
    const asked = [];
    for (let i = 0; i < lookups; i++) {
      const from = below(count);
      const target = (from + 1 + below(count - 1)) % count;
      walked.push(hops(nodes, from, target));
      if (contacts === 20) asked.push(await requests(nodes, from, bytes(20)));
    }
    console.log(`N ${count} k ${contacts}: hops ${summary(walked)}` +
      (asked.length > 0 ? `, requests ${summary(asked)}` : ''));
  }
}
