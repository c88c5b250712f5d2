import { LikenessError } from '../../errors.js';
import type { ImageRecord } from '../../types.js';
import { calibrationOf } from '../calibrate/calibration.js';
import type { Epoch } from '../epoch.js';
import { refuseUncalibrated } from '../judge-hits.js';
import type { GeometricVerifier } from '../geometric-verifier.js';
import { findDuplicates, type DuplicateGroup, type DuplicateVerdict } from './find-duplicates.js';

export interface DuplicatesRequest {
  /** The loosest verdict of a pair. */
  verdict: DuplicateVerdict;
  /** Look at the key points of pairs that descriptor and hash leave in doubt. */
  geometry?: boolean | undefined;
  limit: number;
  /** First id of the last group of the page before. */
  after?: string;
}

/** A group with its images as they are now. */
export interface DuplicateImages extends Omit<DuplicateGroup, 'ids'> {
  images: ImageRecord[];
}

export interface DuplicatesPage {
  /** By the first id of each. */
  groups: DuplicateImages[];
  /** Commits up to this one were looked at. */
  sequence: number;
  /** What to pass as `after` for the page that follows; absent on the last page. */
  next?: string;
}

interface Found {
  groups: DuplicateGroup[];
  sequence: number;
}

/** Finds the duplicates of a collection when they are asked for, and keeps what it found for the pages that follow. */
export class DuplicateFinder {
  readonly #stop = new AbortController();
  readonly #geometry: Pick<GeometricVerifier, 'inliersBetween'>;
  /** By what was looked for. */
  readonly #found = new Map<string, { key: string; found: Promise<Found> }>();

  constructor(geometry: Pick<GeometricVerifier, 'inliersBetween'>) {
    this.#geometry = geometry;
  }

  /**
   * A first page looks anew if the collection has changed since; pages after it go on in what the first one found.
   * @throws `not_calibrated` for near-duplicates of a collection that is not
   */
  async page(epoch: Epoch, { limit, after, ...wanted }: DuplicatesRequest): Promise<DuplicatesPage> {
    const { groups, sequence } = await this.#find(epoch, wanted, after !== undefined);
    const following = after === undefined ? groups : groups.filter(({ ids }) => ids[0]! > after);
    const page = following.slice(0, limit);
    const images = await Promise.all(page.map((group) => withImages(epoch, group)));
    // images may have gone since
    const whole = images.filter((group) => group.images.length > 1);
    const next = following.length > limit ? { next: page.at(-1)!.ids[0]! } : {};
    return { groups: whole, sequence, ...next };
  }

  /** Ends a search for duplicates that is going on. */
  close(): void {
    this.#stop.abort(new LikenessError('shutting_down', 'the collection is being closed'));
  }

  async #find(
    epoch: Epoch,
    { verdict: floor, geometry = false }: Pick<DuplicatesRequest, 'verdict' | 'geometry'>,
    goOn: boolean,
  ): Promise<Found> {
    const calibration = await calibrationOf(epoch);
    if (calibration === undefined) refuseUncalibrated(floor);
    const { sequence } = epoch.index;
    const key = `${epoch.number} ${calibration?.calibratedAt ?? ''}`;
    const wanted = `${floor} ${geometry}`;
    const kept = this.#found.get(wanted);
    if (kept?.key === key) {
      const known = await kept.found;
      if (goOn || known.sequence === sequence) return known;
    }
    const inliers = (a: string, b: string) => this.#geometry.inliersBetween(epoch.store, [a, b]);
    const options = { floor, model: calibration?.model, signal: this.#stop.signal };
    const found = findDuplicates(epoch, { ...options, ...(geometry ? { inliers } : {}) }).then((groups) => ({
      groups,
      sequence,
    }));
    const entry = { key, found };
    this.#found.set(wanted, entry);
    found.catch(() => {
      if (this.#found.get(wanted) === entry) this.#found.delete(wanted);
    });
    return found;
  }
}

async function withImages({ store }: Epoch, { ids, ...group }: DuplicateGroup): Promise<DuplicateImages> {
  return { ...group, images: await store.getMany(ids) };
}
