import { compose } from '../../../src/resources/compose.ts';
import { runCases } from '../../support/cases.ts';

runCases(compose, import.meta.url);
