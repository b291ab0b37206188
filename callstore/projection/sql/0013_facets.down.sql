DROP FUNCTION call_facets, facet_words, facet_word;
