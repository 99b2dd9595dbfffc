-- +goose Up
-- A share is a list of courses behind a link. Code and owner are keyed hashes;
-- the list is sealed under the code, which is kept nowhere.
CREATE TABLE share (
	code  BLOB    NOT NULL PRIMARY KEY,
	owner BLOB    NOT NULL, -- the visitor who made it
	list  BLOB    NOT NULL, -- JSON, sealed
	made  INTEGER NOT NULL, -- unix seconds
	ends  INTEGER NOT NULL  -- unix seconds
);

CREATE INDEX share_owner ON share (owner);

CREATE INDEX share_ends ON share (ends);

-- The tally counts what was asked or lacking, and knows nobody.
CREATE TABLE tally (
	day      TEXT    NOT NULL, -- 2026-11-24
	kind     TEXT    NOT NULL, -- "blind": no place within the reach that was asked for
	field    TEXT    NOT NULL, -- "" is any
	finality TEXT    NOT NULL, -- "" is any
	commune  TEXT    NOT NULL, -- the main postcode of a commune
	language TEXT    NOT NULL,
	count    INTEGER NOT NULL,
	PRIMARY KEY (day, kind, field, finality, commune, language)
);

-- +goose Down
DROP TABLE tally;
DROP TABLE share;
