import { expect, test } from 'vitest';
import { generations, imageRecipes, tagOf } from '../../lab/lab/image-recipes.ts';
import { hostRecipe, recipeKey } from '../../lab/lab/recipe.ts';

test('a recipe keeps its key until anything in it changes', () => {
  expect(recipeKey(structuredClone(hostRecipe))).toBe(recipeKey(hostRecipe));
  expect(recipeKey({ ...hostRecipe, bare: [...hostRecipe.bare, 'python3'] })).not.toBe(recipeKey(hostRecipe));
  expect(recipeKey({ ...hostRecipe, finish: `${hostRecipe.finish}\n` })).not.toBe(recipeKey(hostRecipe));
});

test('a bare host has nothing that the tool must install', () => {
  for (const name of hostRecipe.prepared) expect(hostRecipe.bare).not.toContain(name);
});

test.each([
  ['2.42.0+ds-5+deb12u1', 'v2.42.0'],
  ['2.53.3+ds1-2', 'v2.53.3'],
  ['0.25.0-1+b4', 'v0.25.0'],
  ['1:1.9.0~rc1-1', 'v1.9.0'],
])('Debian version %s is upstream tag %s', (version, tag) => {
  expect(tagOf(version)).toBe(tag);
});

test('every image of the estate is made in both generations, from the package that gives its version', () => {
  for (const recipe of imageRecipes) {
    const made = generations.filter((generation) => recipe.packages[generation] !== undefined);
    expect(made).toEqual(recipe.name.startsWith('prom/') ? generations : ['trixie']);
    for (const generation of made) expect(recipe.packages[generation]).toContain(recipe.versionOf);
  }
});
