import { expect, it } from 'vitest';
import { intakeOf } from '../../../src/ssh/intake.ts';

it('stops whoever said most when all together said too much, and nobody within a fair share', () => {
  const intake = intakeOf(100, 40);
  const stopped: string[] = [];
  const share = (name: string) => intake.open(() => stopped.push(name));
  const [a, b, c] = [share('a'), share('b'), share('c')];
  a.take(60);
  b.take(30);
  expect(stopped).toEqual([]);
  b.take(15);
  expect(stopped).toEqual(['a']);
  a.take(500);
  b.take(55);
  expect(stopped).toEqual(['a']);
  b.close();
  c.take(100);
  expect(stopped).toEqual(['a']);
  const many = Array.from({ length: 10 }, (_, index) => share(String(index)));
  for (const one of many) one.take(40);
  expect(stopped).toEqual(['a', 'c']);
});
