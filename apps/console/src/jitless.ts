import { z } from 'zod';

// The page's policy forbids making code out of text, and zod would try. It has to be told before the first schema is
// made, so this file is imported before everything else.
z.config({ jitless: true });
