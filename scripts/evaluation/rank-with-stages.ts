import { ExactGallery, type DescribedItem, type RankGallery } from '../../engine/evaluate/ranking.js';
import type { Candidate } from '../../engine/ranking/candidate.js';
import { rankCandidates } from '../../engine/ranking/pipeline.js';
import type { RankingPorts } from '../../engine/ranking/ranking-ports.js';
import type { RankingStage } from '../../engine/ranking/ranking-stage.js';
import { rerank } from '../../engine/ranking/rerank.js';
import type { PictureGeometry } from './picture-geometry.js';
import { AugmentedGallery } from './database-augmentation.js';

/**
 * @param stages that look at descriptors or pictures: the pictures of an evaluation have no metadata
 * @param neighbours of the augmentation of the gallery; 0 leaves it as it is
 * @param geometry knows the pictures of the descriptors
 * @returns the pipeline that the service ranks with, over an exact search of the whole gallery, without the query's own
 * picture
 */
export function rankWithStages(
  stages: readonly RankingStage[],
  neighbours: number,
  geometry: Pick<PictureGeometry, 'inliers'>,
): RankGallery {
  return async function* (queries, gallery, own) {
    const galleryWithout = prepare(gallery, neighbours);
    const count = gallery.length;
    for (const [query, item] of queries.entries()) {
      const asked = new AskedGallery(galleryWithout(own[query]), item, own[query]);
      const request = { query: item.vector, stages, count, maxCount: count };
      const verify: RankingPorts<Candidate>['verify'] = (_, candidates) =>
        // an augmented gallery has other descriptors at the same positions
        geometry.inliers(
          item.vector,
          candidates.map(({ node }) => gallery[node]!.vector),
        );
      const { candidates, timings } = await rankCandidates(request, { ...asked.ports(), verify });
      yield { query, order: Uint32Array.from(candidates, ({ node }) => node), scores: asked.scores, timings };
    }
  };
}

interface PreparedGallery {
  items: readonly DescribedItem[];
  exact: ExactGallery;
}

/** @returns what is searched when the picture at a position must not be seen. */
function prepare(gallery: readonly DescribedItem[], neighbours: number): (left: number | undefined) => PreparedGallery {
  if (neighbours === 0) {
    const prepared = { items: gallery, exact: new ExactGallery(gallery) };
    return () => prepared;
  }
  const augmented = new AugmentedGallery(gallery, neighbours);
  return (left) => {
    const items = augmented.without(left);
    return { items, exact: new ExactGallery(items) };
  };
}

/** A gallery as one query asks it; a node is a gallery position. */
class AskedGallery {
  /** Dot products with the query as it was asked, by gallery position. */
  readonly scores: Float32Array;
  readonly #gallery: PreparedGallery;
  readonly #query: DescribedItem;
  readonly #own: number | undefined;
  /** The last search, which a stage may want deeper. */
  #last: { vector: Float32Array; found: Candidate[] } | undefined;

  constructor(gallery: PreparedGallery, query: DescribedItem, own: number | undefined) {
    this.#gallery = gallery;
    this.#query = query;
    this.#own = own;
    this.scores = gallery.exact.rank([query])[0]!.scores;
  }

  ports(): Omit<RankingPorts<Candidate>, 'verify'> {
    return {
      search: (vector, count) => Promise.resolve(this.#search(vector).slice(0, count)),
      vectors: (nodes) => Promise.resolve({ nodes, vectors: this.#vectorsOf(nodes) }),
      // a stage that groups is not evaluated, see combineRankings
      lookAlikes: (candidates) => candidates.map(() => undefined),
      rerank: (stage, input) => Promise.resolve(rerank(stage, input)),
    };
  }

  #search(vector: Float32Array): Candidate[] {
    if (this.#last?.vector !== vector) this.#last = { vector, found: this.#rank(vector) };
    return this.#last.found;
  }

  #rank(vector: Float32Array): Candidate[] {
    const [ranked] = this.#gallery.exact.rank([{ ...this.#query, vector }]);
    const { order, scores } = ranked!;
    return Array.from(
      order.filter((node) => node !== this.#own),
      (node) => ({
        id: this.#gallery.items[node]!.id,
        node,
        score: this.scores[node]!,
        similarity: scores[node]!,
        metadata: {},
      }),
    );
  }

  #vectorsOf(nodes: Uint32Array): Float32Array {
    const dimension = this.#query.vector.length;
    const vectors = new Float32Array(nodes.length * dimension);
    nodes.forEach((node, row) => vectors.set(this.#gallery.items[node]!.vector, row * dimension));
    return vectors;
  }
}
