/** The thread that owns one query log; see query-log-client.ts for its calling side. */
import { toLikenessError } from '../errors.js';
import { serveWorker } from '../threads/serve-worker.js';
import type { Feedback, LoggedQuery, QueryLogOptions } from './query-log.js';
import { openQueryLog, type SqliteQueryLog } from './sqlite-query-log.js';

/** Queries wait this long for others, so that many searches cost one fsync; what reads the log writes them first. */
const FLUSH_AFTER_MS = 200;

let opened: SqliteQueryLog | undefined;
let waiting: LoggedQuery[] = [];

function log(): SqliteQueryLog {
  if (opened === undefined) throw new Error('expected open to be called first');
  return opened;
}

function flush(): SqliteQueryLog {
  const queries = waiting;
  waiting = [];
  if (queries.length > 0) log().addQueries(queries, Date.now());
  return log();
}

/** Many searches may wait for one flush: whoever added first is told of its outcome. */
function addQuery(query: LoggedQuery): Promise<void> | undefined {
  waiting.push(query);
  if (waiting.length > 1) return undefined;
  return new Promise((resolve, reject) => {
    setTimeout(() => {
      try {
        flush();
        resolve();
      } catch (error) {
        reject(toLikenessError(error));
      }
    }, FLUSH_AFTER_MS);
  });
}

const handlers = {
  open: (options: QueryLogOptions) => {
    const { log: fresh, replaced } = openQueryLog(options);
    opened = fresh;
    return replaced;
  },
  addQuery,
  query: (id: string) => flush().query(id, Date.now()),
  addFeedback: (feedback: Feedback) => flush().addFeedback(feedback),
  feedbackPage: ([after, limit]: [number, number]) => flush().feedbackPage(after, limit),
  close: () => flush().close(),
};

export type QueryLogWorkerApi = typeof handlers;

serveWorker(handlers);
