"""Selection by recommendation: call, nomination, check of conditions, list, story; a contest reviews."""
