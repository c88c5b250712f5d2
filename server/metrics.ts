import { Gauge, Counter, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import type { Timings } from '../engine/types.js';
import type { Admission } from './admission.js';
import type { ServedEngine } from './served.js';

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** What Prometheus reads at /metrics. One registry per app, so that two apps in a process do not mix. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #requests: Counter<'method' | 'route' | 'status'>;
  readonly #requestSeconds: Histogram<'method' | 'route'>;
  readonly #stageSeconds: Histogram<'stage'>;
  readonly #readCollections: () => Promise<void>;

  constructor(engine: ServedEngine, admission: Admission) {
    const registers = [this.#registry];
    // process memory, CPU, and the event loop's lag
    collectDefaultMetrics({ register: this.#registry });
    this.#requests = new Counter({
      name: 'likeness_http_requests_total',
      help: 'answers given',
      labelNames: ['method', 'route', 'status'],
      registers,
    });
    this.#requestSeconds = new Histogram({
      name: 'likeness_http_request_seconds',
      help: 'from the request line to the end of the answer',
      labelNames: ['method', 'route'],
      buckets: SECONDS,
      registers,
    });
    this.#stageSeconds = new Histogram({
      name: 'likeness_stage_seconds',
      help: 'one stage of a search or feature request',
      labelNames: ['stage'],
      buckets: SECONDS,
      registers,
    });
    gaugeQueues(registers, engine, admission);
    this.#readCollections = gaugeCollections(registers, engine);
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** Everything in Prometheus' text format. */
  async text(): Promise<string> {
    await this.#readCollections();
    return this.#registry.metrics();
  }

  /** @param request seconds are absent where they say nothing */
  noteRequest(request: { method: string; route: string; status: number; seconds: number | undefined }): void {
    const { method, route, status, seconds } = request;
    this.#requests.inc({ method, route, status: String(status) });
    if (seconds !== undefined) this.#requestSeconds.observe({ method, route }, seconds);
  }

  noteStages(timings: Timings): void {
    for (const [stage, ms] of Object.entries(timings)) this.#stageSeconds.observe({ stage }, ms / 1000);
  }
}

function gaugeQueues(registers: Registry[], engine: ServedEngine, admission: Admission): void {
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({ name: `likeness_${name}`, help, registers, collect: setTo(read) });
  gauge('requests_running', 'heavy requests that hold a slot', () => admission.stats.running);
  gauge('requests_queued', 'heavy requests that wait for a slot', () => admission.stats.queued);
  gauge('bytes_in_flight', 'bytes of the running requests', () => admission.stats.bytesInFlight);
  gauge('inference_queued', 'pictures that wait for an inference thread', () => engine.services.extractor.stats.queued);
  gauge('inference_running', 'pictures in inference', () => engine.services.extractor.stats.running);
  gauge('inference_threads', 'inference threads', () => engine.services.extractor.stats.threads);
}

function setTo(read: () => number) {
  return function (this: Gauge): void {
    this.set(read());
  };
}

/** @returns what reads every collection and sets the gauges; they share one reading, so it happens before the scrape. */
function gaugeCollections(registers: Registry[], engine: ServedEngine): () => Promise<void> {
  const labelNames = ['collection'] as const;
  const gauge = (name: string, help: string) => new Gauge({ name: `likeness_${name}`, help, labelNames, registers });
  const images = gauge('images', 'stored images');
  const nodes = gauge('index_nodes', 'distinct descriptors that searches can find');
  const tombstones = gauge('index_tombstones', 'deleted nodes that the graph still holds');
  const pending = gauge('index_pending', 'nodes that wait to enter the graph');
  return async () => {
    const infos = await Promise.all(engine.list().map((collection) => collection.info()));
    // a deleted collection leaves no number behind
    for (const one of [images, nodes, tombstones, pending]) one.reset();
    for (const { name: collection, images: stored, index } of infos) {
      images.set({ collection }, stored);
      nodes.set({ collection }, index.live);
      tombstones.set({ collection }, index.tombstones);
      pending.set({ collection }, index.pending);
    }
  };
}
