import { useEffect, useState } from 'preact/hooks';
import type { Region } from '../../../engine/types.js';
import { api } from '../state/api.js';
import { toldApart } from './crop-geometry.js';
import { heldPicture } from './held-pictures.js';
import type { QuerySource } from './search-spec.js';

/** @returns the parts of a held picture that stand out, in fractions and far enough from each other, once the server has found them. */
export function useSubjects(collection: string, source: QuerySource | undefined): readonly Region[] {
  const [subjects, setSubjects] = useState<readonly Region[]>([]);
  const picture = source?.kind === 'picture' ? heldPicture(source.value) : undefined;
  useEffect(() => {
    setSubjects([]);
    if (picture === undefined) return undefined;
    const stop = new AbortController();
    // a picture without subjects is searched by all the same, so nothing is said where they cannot be found
    find(collection, picture.blob, stop.signal).then(setSubjects, () => undefined);
    return () => stop.abort();
  }, [collection, picture]);
  return subjects;
}

async function find(collection: string, blob: Blob, signal: AbortSignal): Promise<Region[]> {
  const { subjects, width, height } = await api.subjects(collection, blob, signal);
  const regions = subjects.map(({ box }) => ({
    x: box.x / width,
    y: box.y / height,
    width: box.width / width,
    height: box.height / height,
  }));
  return toldApart(regions);
}
