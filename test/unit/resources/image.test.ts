import { image } from '../../../src/resources/image.ts';
import { runCases } from '../../support/cases.ts';

runCases(image, import.meta.url);
