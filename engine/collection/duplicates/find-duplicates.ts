import { connectedGroups } from '../../duplicates/connected-groups.js';
import type { HashesWorkerApi } from '../../duplicates/hashes-worker.js';
import { judgePair, type Judgement, type PairModel } from '../../duplicates/pair-model.js';
import { mirroredHash } from '../../duplicates/perceptual-hash.js';
import { isAtLeast } from '../../duplicates/verdict.js';
import { WorkerClient } from '../../threads/worker-client.js';
import { workerUrl } from '../../threads/worker-url.js';
import type { Epoch } from '../epoch.js';
import { nodesPerImage } from '../region-describer.js';
import { evidenceOf } from '../judge-hits.js';
import { cosinesOf, type NodePair } from './cosines.js';
import { verifyDoubtful, type CountInliers, type Verified } from './verify-doubtful.js';
import { byText, collectLooks, neighbourSearch, type Look } from './looks.js';

/** The verdicts that make duplicates. */
export type DuplicateVerdict = 'identical' | 'near-duplicate';

/** Two images of a group that were found to be duplicates. */
export interface DuplicatePair extends Judgement, Verified {
  a: string;
  b: string;
  /** Cosine. */
  score: number;
  /** Bits in which the perceptual hashes differ, mirrored or not; absent where one has none. */
  hashDistance?: number;
}

/** Images that are duplicates of each other, directly or over others of the group. */
export interface DuplicateGroup {
  /** The loosest of its pairs. */
  verdict: DuplicateVerdict;
  /** Rising. */
  ids: string[];
  /** What links the group; not every two of its images. */
  pairs: DuplicatePair[];
}

export interface FindOptions {
  /** The loosest verdict of a pair. */
  floor: DuplicateVerdict;
  /** Needed for near-duplicates. */
  model: PairModel | undefined;
  /** Where key points are to settle what is in doubt between near-duplicate and similar. */
  inliers?: CountInliers;
  signal: AbortSignal;
}

/** Nearest others of each descriptor that are looked at. */
const NEIGHBOURS = 10;
/** Bits in which hashes may differ to be looked at whatever their descriptors; farther ones are found by the descriptor. */
const MAX_HASH_DISTANCE = 3;

/**
 * Every group of duplicates of a collection. Candidates are images of the same bytes, the same descriptor, hashes (mirrored
 * or not) that differ in a few bits, and the nearest others of each descriptor; {@link judgePair} decides, and of doubtful
 * pairs their key points, where these are to be looked at.
 * @returns groups by their first id
 */
export async function findDuplicates(
  { store, index }: Pick<Epoch, 'store' | 'index'>,
  { floor, model, inliers = noInliers, signal }: FindOptions,
): Promise<DuplicateGroup[]> {
  const neighbours = neighbourSearch(index, NEIGHBOURS * nodesPerImage(await store.info()));
  const visit = floor === 'identical' ? () => Promise.resolve() : neighbours.visit;
  const looks = await collectLooks(store, signal, visit);
  const candidates = new Candidates(looks);
  candidates.addSameContent();
  await candidates.addNearHashes(floor === 'identical' ? 0 : MAX_HASH_DISTANCE);
  for (const { a, b } of neighbours.pairs.values()) candidates.addNodes(a, b);
  const cosines = await cosinesOf(store, candidates.nodePairs(), (a, b) => neighbours.pairs.get(`${a} ${b}`)?.cosine);
  const firstIds = ({ a, b }: Link) => [looks[a]!.ids[0]!, looks[b]!.ids[0]!] as const;
  const judged = await verifyDoubtful(candidates.judged(cosines, model), firstIds, { inliers, signal });
  return toGroups(
    looks,
    judged.filter(({ verdict }) => isAtLeast(verdict, floor)),
  );
}

const noInliers: CountInliers = () => Promise.resolve(0);

/** Two looks that are duplicates. */
interface Link extends Judgement, Verified {
  a: number;
  b: number;
  score: number;
  hashDistance?: number | undefined;
}

/** Pairs of looks to judge, each once. */
class Candidates {
  readonly #looks: readonly Look[];
  readonly #byNode = new Map<number, number[]>();
  readonly #pairs = new Map<string, readonly [number, number]>();

  constructor(looks: readonly Look[]) {
    this.#looks = looks;
    looks.forEach(({ node }, look) => this.#byNode.set(node, [...(this.#byNode.get(node) ?? []), look]));
    for (const { node } of looks) this.addNodes(node, node);
  }

  addNodes(a: number, b: number): void {
    for (const one of this.#byNode.get(a) ?? []) for (const other of this.#byNode.get(b) ?? []) this.#add(one, other);
  }

  /** The same bytes may have two looks, such as where one was imported without a hash. */
  addSameContent(): void {
    const first = new Map<string, number>();
    this.#looks.forEach(({ contentHashes }, look) => {
      for (const hash of contentHashes) {
        const other = first.get(hash);
        if (other === undefined) first.set(hash, look);
        else this.#add(other, look);
      }
    });
  }

  async addNearHashes(maxDistance: number): Promise<void> {
    const hashed = this.#looks.flatMap(({ perceptualHash }, look) =>
      perceptualHash === undefined ? [] : [{ look, hash: perceptualHash }],
    );
    // a mirror image is near where the hash of the one is near the mirrored hash of the other
    const hashes = [...hashed.map(({ hash }) => hash), ...hashed.map(({ hash }) => mirroredHash(hash))];
    for (const { a, b } of await nearHashesInThread(hashes, maxDistance))
      if (a < hashed.length) this.#add(hashed[a]!.look, hashed[b % hashed.length]!.look);
  }

  nodePairs(): NodePair[] {
    return [...this.#pairs.values()].map(([a, b]) => [this.#looks[a]!.node, this.#looks[b]!.node]);
  }

  /** @param cosines in the order of {@link nodePairs}; NaN where a node is gone. */
  judged(cosines: Float64Array, model: PairModel | undefined): Link[] {
    return [...this.#pairs.values()].flatMap(([a, b], i) => {
      const cosine = cosines[i]!;
      const [one, other] = [this.#looks[a]!, this.#looks[b]!];
      const sameContent = [...one.contentHashes].some((hash) => other.contentHashes.has(hash));
      const evidence = { ...evidenceOf(hashOf(one), hashOf(other), cosine), sameContent };
      const judgement = Number.isNaN(cosine) ? undefined : judgePair(evidence, model);
      const { hashDistance } = evidence;
      return judgement === undefined ? [] : [{ a, b, score: cosine, hashDistance, ...judgement }];
    });
  }

  #add(a: number, b: number): void {
    if (a === b) return;
    const pair = a < b ? ([a, b] as const) : ([b, a] as const);
    this.#pairs.set(pair.join(' '), pair);
  }
}

function hashOf({ perceptualHash }: Look) {
  return { perceptualHash };
}

async function nearHashesInThread(hashes: string[], maxDistance: number) {
  const worker = new WorkerClient<HashesWorkerApi>(workerUrl(import.meta.url, '../../duplicates/hashes-worker.js'), {
    name: 'hashes',
  });
  return worker.call('near', { hashes, maxDistance }).finally(() => worker.close());
}

function toGroups(looks: readonly Look[], links: readonly Link[]): DuplicateGroup[] {
  const connected = connectedGroups(
    looks.length,
    links.map(({ a, b }) => [a, b] as const),
  );
  const groupOf = new Map(connected.flatMap((members, group) => members.map((look) => [look, group] as const)));
  const linksOf = connected.map((): Link[] => []);
  for (const link of links) linksOf[groupOf.get(link.a)!]!.push(link);
  const alone = Array.from(looks.keys()).filter((look) => !groupOf.has(look) && looks[look]!.ids.length > 1);
  const groups = [
    ...connected.map((members, group) => toGroup(looks, members, linksOf[group]!)),
    ...alone.map((look) => toGroup(looks, [look], [])),
  ];
  return groups.sort((x, y) => byText(x.ids[0]!, y.ids[0]!));
}

function toGroup(looks: readonly Look[], members: readonly number[], links: readonly Link[]): DuplicateGroup {
  const firstId = (look: number): string => looks[look]!.ids[0]!;
  const pairs = [
    ...members.flatMap((look) => identicalPairs(looks[look]!)),
    ...links.map(({ a, b, hashDistance, ...link }) => ({
      a: firstId(a),
      b: firstId(b),
      ...link,
      ...(hashDistance === undefined ? {} : { hashDistance }),
    })),
  ];
  return {
    verdict: pairs.every(({ verdict }) => verdict === 'identical') ? 'identical' : 'near-duplicate',
    ids: members.flatMap((look) => looks[look]!.ids).sort(byText),
    pairs,
  };
}

/** @returns the first of a look's images with each other one. */
function identicalPairs({ ids: [first, ...others], perceptualHash }: Look): DuplicatePair[] {
  const distance = perceptualHash === undefined ? {} : { hashDistance: 0 };
  return others.map((b) => ({ a: first!, b, score: 1, ...distance, verdict: 'identical', probability: 1 }));
}
