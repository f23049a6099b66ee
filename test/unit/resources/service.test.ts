import { service } from '../../../src/resources/service.ts';
import { runCases } from '../../support/cases.ts';

runCases(service, import.meta.url);
