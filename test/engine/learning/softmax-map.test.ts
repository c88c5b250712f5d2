import { describe, expect, it } from 'vitest';
import type { LinearMap } from '../../../engine/learning/linear-map.js';
import { stackRows } from '../../../engine/learning/rows.js';
import { proxyLoss, type ProxyParameters } from '../../../engine/learning/proxy-loss.js';
import { softmaxMap } from '../../../engine/learning/softmax-map.js';
import { near, randomUnit, seededRandom } from '../../support/vectors.js';

const random = seededRandom(5);
const draw = (count: number) => Float64Array.from({ length: count }, () => random() - 0.5);

describe('proxyLoss', () => {
  it('is log K where all cosines are alike', () => {
    const parameters = { map: Float64Array.of(1, 0, 0, 1), proxies: Float64Array.of(0, 1, 0, 2, 0, 3) };
    const batch = { inputs: Float64Array.of(1, 0, -2, 0), classes: [0, 2] };
    expect(proxyLoss(parameters, batch, { outputs: 2, scale: 16 }).loss).toBeCloseTo(Math.log(3), 12);
  });

  it('has the gradient that small steps find', () => {
    const [inputs, outputs, options] = [4, 3, { outputs: 3, scale: 4 }];
    const parameters: ProxyParameters = { map: draw(inputs * outputs), proxies: draw(5 * outputs) };
    const batch = { inputs: draw(6 * inputs), classes: [0, 1, 2, 3, 4, 0] };
    const { gradient } = proxyLoss(parameters, batch, options);
    for (const name of ['map', 'proxies'] as const)
      gradient[name].forEach((slope, at) => {
        const lossAt = (step: number) => {
          const moved = parameters[name].slice();
          moved[at]! += step;
          return proxyLoss({ ...parameters, [name]: moved }, batch, options).loss;
        };
        expect(slope).toBeCloseTo((lossAt(1e-5) - lossAt(-1e-5)) / 2e-5, 6);
      });
  });
});

it('softmaxMap turns to what tells the classes apart', () => {
  const centres = Array.from({ length: 3 }, () => randomUnit(6, random));
  const vectors = Array.from({ length: 60 }, (_, i) => near(centres[i % 3]!, 0.5, random));
  const examples = {
    kind: 'labels' as const,
    rows: stackRows(vectors),
    classes: Int32Array.from(vectors, (_, i) => i % 3),
  };
  const start = { inputs: 6, outputs: 2, weights: Float32Array.from(draw(12)), bias: new Float32Array(2) };
  const contrast = (map: LinearMap) => {
    const projected = vectors.map((x) => {
      const y = [0, 1].map((row) =>
        x.reduce((sum, value, k) => sum + value * map.weights[row * 6 + k]!, map.bias[row]!),
      );
      const length = Math.hypot(...y);
      return y.map((value) => value / length);
    });
    let [same, other] = [0, 0];
    projected.forEach((a, i) =>
      projected.forEach((b, j) => {
        const cosine = a[0]! * b[0]! + a[1]! * b[1]!;
        if (i === j) return;
        if (i % 3 === j % 3) same += cosine / 19;
        else other += cosine / 40;
      }),
    );
    return (same - other) / 60;
  };
  const [before, after] = [contrast(start), contrast(softmaxMap(examples, start))];
  expect(after).toBeGreaterThan(before + 0.2);
});
