import type { Json } from '../types.js';

/** One thing that was searched by, as it was understood. */
export interface LoggedPart {
  /** The unit descriptor [D] that was asked with. */
  vector: Float32Array;
  /** What the answer told of it, as JSON. */
  facts: Json;
}

/** A search that was answered: all that is needed to answer it again. */
export interface LoggedQuery {
  id: string;
  createdAtMs: number;
  /** Of the model that made the vectors. */
  fingerprint: string;
  parts: LoggedPart[];
  /** The other fields of the request, as JSON. */
  options: Json;
}

/** Which images of an answer were looked at, and which of them were chosen. Keeps its query, which the log forgets. */
export interface Feedback {
  id: string;
  createdAtMs: number;
  queryId: string;
  fingerprint: string;
  parts: LoggedPart[];
  /** Ids of images, in the order in which they were shown. */
  shown: string[];
  /** Those of `shown` that were chosen. */
  clicked: string[];
}

/** Where a query log lives. */
export interface QueryLogOptions {
  file: string;
  /** Queries older than this are forgotten. Feedback is kept. */
  retentionMs: number;
}

/** The file was damaged and is replaced by an empty one. */
export interface ReplacedLog {
  reason: string;
  /** Where the damaged file is now. */
  aside: string;
}
