import { packages } from '../../../src/resources/package.ts';
import { runCases } from '../../support/cases.ts';

runCases(packages, import.meta.url);
