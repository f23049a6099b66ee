import { http } from '../../../src/resources/http.ts';
import { runCases } from '../../support/cases.ts';

runCases(http, import.meta.url);
