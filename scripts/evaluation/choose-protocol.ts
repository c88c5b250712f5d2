import { readFile } from 'node:fs/promises';
import { LikenessError } from '../../engine/errors.js';
import { listLabelledFolder } from '../../engine/evaluate/labelled-folder.js';
import type { EvaluationItem, Protocol } from '../../engine/evaluate/protocol.js';
import { copydays } from '../../engine/evaluate/protocols/copydays.js';
import { leaveOneOut } from '../../engine/evaluate/protocols/leave-one-out.js';
import { listFile } from '../../engine/evaluate/protocols/list-file.js';
import { queryAgainstGallery } from '../../engine/evaluate/protocols/query-gallery.js';
import {
  revisited,
  revisitedGroundTruthSchema,
  type RevisitedDifficulty,
} from '../../engine/evaluate/protocols/revisited.js';
import { ukbench } from '../../engine/evaluate/protocols/ukbench.js';
import { parseJsonOption } from '../parse-json-option.js';
import { limitPerClass } from './limit-per-class.js';

/** What the protocols are made of; paths are absolute. */
export interface ProtocolSources {
  /** Pictures that are asked with, and searched unless there is a gallery. */
  folder: string;
  gallery?: string | undefined;
  distractors?: string | undefined;
  /** Ground truth of the protocols that have a file of it. */
  list?: string | undefined;
  limitPerClass?: number | undefined;
}

type Build = (sources: ProtocolSources, pictures: EvaluationItem[]) => Promise<Protocol> | Protocol;

const PROTOCOLS = {
  'leave-one-out': (_sources, pictures) => leaveOneOut(pictures),
  'query-gallery': async (sources, pictures) => queryAgainstGallery(pictures, await galleryOf(sources)),
  list: async (sources, pictures) =>
    sources.gallery === undefined
      ? listFile(await groundTruthOf(sources), pictures)
      : listFile(await groundTruthOf(sources), await galleryOf(sources), pictures),
  'revisited-easy': revisitedAs('easy'),
  'revisited-medium': revisitedAs('medium'),
  'revisited-hard': revisitedAs('hard'),
  ukbench: (_sources, pictures) => ukbench(pictures),
  copydays: async (sources, pictures) =>
    copydays(await galleryOf(sources), pictures, await distractorsOf(sources.distractors)),
} satisfies Record<string, Build>;

export const PROTOCOL_NAMES = Object.keys(PROTOCOLS);

/**
 * @param name one of {@link PROTOCOL_NAMES}; without it: `list` with a list file, `query-gallery` with a gallery, else
 * `leave-one-out`
 * @throws `invalid_request` naming what the protocol lacks
 */
export async function chooseProtocol(name: string | undefined, sources: ProtocolSources): Promise<Protocol> {
  const build = new Map<string, Build>(Object.entries(PROTOCOLS)).get(name ?? usualProtocol(sources));
  if (build === undefined) {
    const message = `--protocol: expected one of ${PROTOCOL_NAMES.join(', ')}, got ${name ?? ''}`;
    throw new LikenessError('invalid_request', message);
  }
  return build(sources, limitPerClass(await listLabelledFolder(sources.folder), sources.limitPerClass));
}

function usualProtocol({ list, gallery }: ProtocolSources): keyof typeof PROTOCOLS {
  if (list !== undefined) return 'list';
  return gallery === undefined ? 'leave-one-out' : 'query-gallery';
}

function revisitedAs(difficulty: RevisitedDifficulty): Build {
  return async (sources, pictures) => {
    const groundTruth = parseJsonOption(revisitedGroundTruthSchema, '--list', await groundTruthOf(sources));
    return revisited(groundTruth, pictures, difficulty);
  };
}

async function galleryOf({ gallery, limitPerClass: limit }: ProtocolSources): Promise<EvaluationItem[]> {
  if (gallery === undefined)
    throw new LikenessError('invalid_request', 'expected --gallery for this protocol, got none');
  return limitPerClass(await listLabelledFolder(gallery), limit);
}

/** Their ids must not be those of the gallery. */
async function distractorsOf(folder: string | undefined): Promise<EvaluationItem[]> {
  if (folder === undefined) return [];
  return (await listLabelledFolder(folder)).map((item) => ({ ...item, id: `distractor/${item.id}` }));
}

async function groundTruthOf({ list }: ProtocolSources): Promise<string> {
  if (list === undefined) throw new LikenessError('invalid_request', 'expected --list for this protocol, got none');
  return readFile(list, 'utf8').catch((error: unknown) => {
    throw new LikenessError('file_unreadable', `expected ground truth at ${list}: ${String(error)}`, { cause: error });
  });
}
