import { pickDefined } from '../pick-defined.js';
import { sha256 } from '../sha256.js';
import type { Region, Timings } from '../types.js';
import type { Epoch } from './epoch.js';
import type { GivenPart, ResolvedPart, UsedSubject } from './query.js';

type ImagePart = GivenPart & { kind: 'image' };

/** Where in a picture a query looks, with what was found in it where that was asked for. */
interface ChosenPlace {
  region?: Region;
  subjects?: UsedSubject[];
  timings: Timings;
}

/** A picture -> the descriptor of the part that the query is by. @throws the image codes */
export async function resolveImage(epoch: Epoch, query: ImagePart, signal?: AbortSignal): Promise<ResolvedPart> {
  const { timings: finding, subjects, ...place } = await choosePlace(epoch, query, signal);
  const options = { ...pickDefined(query, ['context', 'inputs', 'mask']), ...place, ...(signal ? { signal } : {}) };
  const { vector, facts, timings, ...described } = await epoch.describer.describe(query.bytes, options);
  const { width, height, orientation } = facts;
  const size = { kind: 'image' as const, width, height, orientation };
  // the bytes are those of the whole picture, not of a part
  const isWhole = place.region === undefined && query.mask === undefined;
  const whole = isWhole ? { contentHash: await sha256(query.bytes) } : {};
  const seen = pickDefined({ ...described, subjects }, ['region', 'subjects', 'perceptualHash']);
  const understood = { ...size, ...seen, ...whole };
  const picture = pickDefined(query, ['bytes', 'mask']);
  return { kind: 'resolved', vector, timings: { ...finding, ...timings }, facts: understood, ...picture };
}

/** The best subject where one is to be looked for, and the whole picture where none is found. */
async function choosePlace(epoch: Epoch, query: ImagePart, signal?: AbortSignal): Promise<ChosenPlace> {
  if (query.subject === undefined) return { ...pickDefined(query, ['region']), timings: {} };
  const started = performance.now();
  const { subjects } = await epoch.subjects.find(query.bytes, signal, query.mask);
  const [best] = subjects;
  return {
    ...(best === undefined ? {} : { region: best.box }),
    subjects: subjects.map((subject) => ({ ...subject, used: subject === best })),
    timings: { subjects: performance.now() - started },
  };
}
