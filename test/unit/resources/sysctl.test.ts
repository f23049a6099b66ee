import { sysctl } from '../../../src/resources/sysctl.ts';
import { runCases } from '../../support/cases.ts';

runCases(sysctl, import.meta.url);
