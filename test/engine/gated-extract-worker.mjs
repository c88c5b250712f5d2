/**
 * Stands in for extract-worker.js where a test must decide when work ends: a request waits until `open` comes on the
 * gate's channel, and then answers with the number of its thread. The model 'exit' ends the thread.
 */
import { BroadcastChannel, parentPort, threadId } from 'node:worker_threads';

const waiting = [];
let open = false;

new BroadcastChannel('gate-').onmessage = () => {
  open = true;
  for (const answer of waiting.splice(0)) answer();
};

parentPort.on('message', ({ id, argument }) => {
  if (argument.modelDirectory === 'exit') process.exit(3);
  const answer = () => parentPort.postMessage({ id, result: { descriptor: Float32Array.of(threadId), timings: {} } });
  if (open || argument.modelDirectory === 'free') answer();
  else waiting.push(answer);
});
