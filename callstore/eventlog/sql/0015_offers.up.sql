-- Sessions that were offered lately, for whoever attaches to them: asked several times a second, and of all events
-- few are offers, so that an append pays for the index with them alone.
CREATE INDEX event_offered ON log.event (received_at) WHERE type = 'session.offered';
