import { rmacGrid } from '../descriptor/rmac-grid.js';
import { LikenessError } from '../errors.js';
import { decodeView } from '../image/decode.js';
import { planWholeView } from '../image/resize-plan.js';
import { isNetwork } from '../model/manifest.js';
import type { LoadedManifest } from '../model/model-folder.js';
import type { ImageRegion } from '../store/store.js';
import type { Region, RegionsConfig } from '../types.js';
import type { CollectionServices } from './services.js';
import type { SubjectFinder } from './subject-finder.js';

/** @returns the described parts of a picture; none where a collection describes none. @throws the image codes */
export type RegionDescriber = (bytes: Uint8Array, signal?: AbortSignal) => Promise<ImageRegion[]>;

/**
 * The picture is looked at this much larger than the model describes it, since a part of it is then pooled from a part of
 * the map: at the model's own size, parts found nothing that the whole did not.
 */
export const REGION_VIEW_SCALE = 2.25;

type Services = Pick<CollectionServices, 'extractor' | 'limits'>;

/** @returns whether a collection describes parts of its pictures. */
export function hasRegions({ subjects, rmac }: RegionsConfig): boolean {
  return subjects || rmac > 0;
}

/** @throws `invalid_request` where subjects are wanted, and neither a detector nor the model can find them */
export function checkRegions(
  { subjects }: RegionsConfig,
  { manifest }: LoadedManifest,
  { detector }: Pick<CollectionServices, 'detector'>,
): void {
  if (!subjects || detector !== undefined || isNetwork(manifest)) return;
  const message = `regions.subjects: expected a model that is a network, or a detector, to find them; got ${manifest.name}`;
  throw new LikenessError('invalid_request', message);
}

/** @returns about how many nodes of the index are one image's, so that as many more are asked for; 1 without regions. */
export function nodesPerImage({ images, nodes }: { images: number; nodes: number }): number {
  return Math.max(1, Math.ceil(nodes / Math.max(1, images)));
}

/** Describes the parts that a collection's config names, all of them from one map of the picture. */
export function regionDescriber(
  config: RegionsConfig,
  model: LoadedManifest,
  subjects: SubjectFinder,
  { extractor, limits }: Services,
): RegionDescriber {
  if (!hasRegions(config)) return () => Promise.resolve([]);
  const { preprocess } = model.manifest;
  const plan = (width: number, height: number) => planWholeView(width, height, preprocess, REGION_VIEW_SCALE);
  return async (bytes, signal) => {
    const found = config.subjects ? (await subjects.find(bytes, signal)).subjects.map(({ box }) => box) : [];
    const { pixels, facts } = await decodeView(bytes, { limits, plan, kernel: preprocess.kernel });
    const boxes = partsOf([...found, ...rmacGrid(facts.height, facts.width, config.rmac)], facts);
    if (boxes.length === 0) return [];
    const windows = boxes.map((box) => toEdges(box, facts));
    const { descriptors } = await extractor.describeWindows(model.directory, pixels, windows, signal);
    return boxes.flatMap((box, i) => {
      const descriptor = descriptors[i];
      return descriptor == null ? [] : [{ box, descriptor }];
    });
  };
}

/** @returns each box once, without the whole picture. */
function partsOf(boxes: readonly Region[], size: { width: number; height: number }): Region[] {
  const parts = boxes.filter(({ width, height }) => width < size.width || height < size.height);
  const byPlace = new Map(
    parts.map(({ x, y, width, height }) => [`${x},${y},${width},${height}`, { x, y, width, height }]),
  );
  return [...byPlace.values()];
}

function toEdges({ x, y, width, height }: Region, size: { width: number; height: number }) {
  return {
    left: x / size.width,
    top: y / size.height,
    right: (x + width) / size.width,
    bottom: (y + height) / size.height,
  };
}
