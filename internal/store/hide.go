package store

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"

	"wegwijs/bot"
)

// A hider turns ids into keyed hashes, and states and replies into sealed bytes
// that take both the secret and the visitor's id to open. Without that id, which
// is kept nowhere, an erased row is lost in every file, log and backup: also in
// the unused parts of pages, where SQLite leaves copies of rows that it moved.
type hider struct{ secret []byte }

func newHider(secret []byte) *hider { return &hider{secret: append([]byte(nil), secret...)} }

// mac is HMAC-SHA256 over the parts, each with its length, so that no two
// lists of parts meet.
func (h *hider) mac(parts ...string) []byte {
	m := hmac.New(sha256.New, h.secret)
	for _, p := range parts {
		var n [8]byte
		binary.BigEndian.PutUint64(n[:], uint64(len(p)))
		m.Write(n[:])
		m.Write([]byte(p))
	}
	return m.Sum(nil)
}

// visitor is the 32 bytes under which who is kept.
func (h *hider) visitor(who bot.Visitor) []byte { return h.mac("visitor", string(who)) }

// key is the 32 bytes under which the client's key is kept, whatever its
// length or alphabet.
func (h *hider) key(who bot.Visitor, key string) []byte { return h.mac("key", string(who), key) }

// code is the 32 bytes under which a shared list is kept.
func (h *hider) code(code string) []byte { return h.mac("code", code) }

// seal encrypts what is kept of who. What was sealed for one place opens in no
// other.
func (h *hider) seal(who bot.Visitor, place, plain []byte) []byte {
	return h.aead(who).Seal(nil, nil, plain, place)
}

// open is the inverse of seal.
func (h *hider) open(who bot.Visitor, place, sealed []byte) ([]byte, error) {
	plain, err := h.aead(who).Open(nil, nil, sealed, place)
	if err != nil {
		return nil, errSealed
	}
	return plain, nil
}

// errSealed says less than it could: nothing that was stored.
var errSealed = errors.New("it is damaged, or was not sealed for this visitor")

// aead is AES-256-GCM under the visitor's own key, with a random nonce in front.
func (h *hider) aead(who bot.Visitor) cipher.AEAD {
	block, err := aes.NewCipher(h.mac("seal", string(who)))
	if err != nil {
		panic(err) // only for a key of another length than 32
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		panic(err) // only for another block size than AES has
	}
	return aead
}

// firstVersion is a random version of at least 1, far enough from the end for
// any number of turns.
func firstVersion() int64 {
	var b [8]byte
	rand.Read(b[:])
	return int64(binary.BigEndian.Uint64(b[:])>>2) + 1
}
