// Command audit-verifier reads the audit trail of MedBackup with code that is not MedBackup's: entries, tiles and checkpoints
// of a folder by docs/audit.md, trees and proofs by github.com/transparency-dev/merkle, notes by golang.org/x/mod/sumdb/note,
// ML-DSA-65 by github.com/cloudflare/circl.
//
//	audit-verifier FOLDER [PROOFS]
//
// PROOFS has a JSON document a line: {"index","size","path"} is a proof of inclusion, {"from","to","path"} one of consistency.
// Prints what it has seen; ends with 1 where something does not fit.
package main

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/cloudflare/circl/sign/mldsa/mldsa65"
	"github.com/transparency-dev/merkle/compact"
	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
	"golang.org/x/mod/sumdb/note"
)

const (
	bundle = 256
	header = 24
	mldsa  = "\xffmedbackup.org/ml-dsa-65"
)

// mldsaVerifier checks the second signature line of a checkpoint.
type mldsaVerifier struct {
	name string
	id   uint32
	key  *mldsa65.PublicKey
}

func (v *mldsaVerifier) Name() string    { return v.name }
func (v *mldsaVerifier) KeyHash() uint32 { return v.id }
func (v *mldsaVerifier) Verify(text, signature []byte) bool {
	return mldsa65.Verify(v.key, text, nil, signature)
}

func newMldsaVerifier(line string) (note.Verifier, error) {
	parts := strings.SplitN(line, "+", 3)
	if len(parts) != 3 {
		return nil, errors.New("the second key has no three parts")
	}
	typed, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil {
		return nil, err
	}
	raw, ok := bytes.CutPrefix(typed, []byte(mldsa))
	if !ok {
		return nil, errors.New("the second key is of another type")
	}
	sum := sha256.Sum256(append([]byte(parts[0]+"\n"), typed...))
	if hex.EncodeToString(sum[:4]) != parts[1] {
		return nil, errors.New("the second key has another id than it says")
	}
	key := new(mldsa65.PublicKey)
	if err := key.UnmarshalBinary(raw); err != nil {
		return nil, err
	}
	return &mldsaVerifier{parts[0], binary.BigEndian.Uint32(sum[:4]), key}, nil
}

func numbered(number uint64) string {
	name := fmt.Sprintf("%03d", number%1000)
	for rest := number / 1000; rest > 0; rest /= 1000 {
		name = fmt.Sprintf("x%03d/%s", rest%1000, name)
	}
	return name
}

// leaves reads all records and returns their hashes.
func leaves(folder string) ([][]byte, error) {
	var all [][]byte
	table := crc32.MakeTable(crc32.Castagnoli)
	for number := uint64(0); ; number++ {
		content, err := os.ReadFile(filepath.Join(folder, "entries", numbered(number)))
		if errors.Is(err, os.ErrNotExist) {
			return all, nil
		}
		if err != nil {
			return nil, err
		}
		for at := 0; at < len(content); {
			if at+header > len(content) {
				return nil, fmt.Errorf("entry %d has no end", len(all))
			}
			length := int(binary.BigEndian.Uint32(content[at:]))
			end := at + header + length
			if end > len(content) {
				return nil, fmt.Errorf("entry %d has no end", len(all))
			}
			sum := crc32.Checksum(content[at:at+4], table)
			sum = crc32.Update(sum, table, content[at+8:end])
			if sum != binary.BigEndian.Uint32(content[at+4:]) {
				return nil, fmt.Errorf("entry %d has another checksum", len(all))
			}
			record := content[at+header : end]
			var seen struct {
				Seq int `json:"seq"`
			}
			if err := json.Unmarshal(record, &seen); err != nil || seen.Seq != len(all) {
				return nil, fmt.Errorf("entry %d says that it is %d", len(all), seen.Seq)
			}
			all = append(all, rfc6962.DefaultHasher.HashLeaf(record))
			at = end
		}
	}
}

// roots returns the root over the first n leaves for each n.
func roots(all [][]byte) ([][]byte, error) {
	factory := compact.RangeFactory{Hash: rfc6962.DefaultHasher.HashChildren}
	tree := factory.NewEmptyRange(0)
	seen := [][]byte{rfc6962.DefaultHasher.EmptyRoot()}
	for _, leaf := range all {
		if err := tree.Append(leaf, nil); err != nil {
			return nil, err
		}
		root, err := tree.GetRootHash(nil)
		if err != nil {
			return nil, err
		}
		seen = append(seen, root)
	}
	return seen, nil
}

// tiles compares all full tiles, which hold the roots of those below them.
func tiles(folder string, hashes [][]byte) (int, error) {
	count := 0
	for level := 0; len(hashes) >= bundle; level++ {
		var above [][]byte
		for first := 0; first+bundle <= len(hashes); first += bundle {
			name := filepath.Join(folder, "tile", strconv.Itoa(level), numbered(uint64(first/bundle)))
			content, err := os.ReadFile(name)
			if err != nil {
				return count, err
			}
			if !bytes.Equal(content, bytes.Join(hashes[first:first+bundle], nil)) {
				return count, fmt.Errorf("tile %d of level %d does not fit", first/bundle, level)
			}
			above = append(above, perfect(hashes[first:first+bundle]))
			count++
		}
		hashes = above
	}
	return count, nil
}

// perfect returns the root over as many roots as a tile has.
func perfect(hashes [][]byte) []byte {
	for len(hashes) > 1 {
		var above [][]byte
		for i := 0; i < len(hashes); i += 2 {
			above = append(above, rfc6962.DefaultHasher.HashChildren(hashes[i], hashes[i+1]))
		}
		hashes = above
	}
	return hashes[0]
}

type signed struct{ checkpoints, both int }

func checkpoints(folder string, roots [][]byte) (signed, error) {
	var seen signed
	keys, err := os.ReadFile(filepath.Join(folder, "key.pub"))
	if err != nil {
		return seen, err
	}
	lines := strings.Split(strings.TrimSpace(string(keys)), "\n")
	first, err := note.NewVerifier(lines[0])
	if err != nil {
		return seen, err
	}
	known := []note.Verifier{first}
	if len(lines) > 1 {
		second, err := newMldsaVerifier(lines[1])
		if err != nil {
			return seen, err
		}
		known = append(known, second)
	}
	content, err := os.ReadFile(filepath.Join(folder, "checkpoints"))
	if err != nil {
		return seen, err
	}
	parts := strings.Split(string(content), "\n\n")
	for i := 0; i+1 < len(parts); i += 2 {
		open, err := note.Open([]byte(parts[i]+"\n\n"+parts[i+1]+"\n"), note.VerifierList(known...))
		if err != nil {
			return seen, fmt.Errorf("checkpoint %d: %w", seen.checkpoints, err)
		}
		text := strings.Split(open.Text, "\n")
		size, err := strconv.Atoi(text[1])
		if err != nil || size >= len(roots) {
			return seen, fmt.Errorf("checkpoint %d covers %s entries", seen.checkpoints, text[1])
		}
		if text[0] != first.Name() || text[2] != base64.StdEncoding.EncodeToString(roots[size]) {
			return seen, fmt.Errorf("the checkpoint of size %d has another root", size)
		}
		seen.checkpoints++
		if len(open.Sigs) == 2 {
			seen.both++
		}
	}
	return seen, nil
}

type claim struct {
	Index *uint64  `json:"index"`
	Size  uint64   `json:"size"`
	From  uint64   `json:"from"`
	To    uint64   `json:"to"`
	Path  []string `json:"path"`
}

func proofs(file string, all, roots [][]byte) (inclusion, consistency int, err error) {
	open, err := os.Open(file)
	if err != nil {
		return 0, 0, err
	}
	defer open.Close()
	scanner := bufio.NewScanner(open)
	for scanner.Scan() {
		var one claim
		if err := json.Unmarshal(scanner.Bytes(), &one); err != nil {
			return inclusion, consistency, err
		}
		var path [][]byte
		for _, text := range one.Path {
			hash, err := hex.DecodeString(text)
			if err != nil {
				return inclusion, consistency, err
			}
			path = append(path, hash)
		}
		if one.Index != nil {
			err = proof.VerifyInclusion(
				rfc6962.DefaultHasher, *one.Index, one.Size, all[*one.Index], path, roots[one.Size])
			inclusion++
		} else {
			err = proof.VerifyConsistency(
				rfc6962.DefaultHasher, one.From, one.To, path, roots[one.From], roots[one.To])
			consistency++
		}
		if err != nil {
			return inclusion, consistency, fmt.Errorf("%s: %w", scanner.Text(), err)
		}
	}
	return inclusion, consistency, scanner.Err()
}

func run(arguments []string) (map[string]any, error) {
	if len(arguments) < 1 || len(arguments) > 2 {
		return nil, errors.New("audit-verifier FOLDER [PROOFS]")
	}
	all, err := leaves(arguments[0])
	if err != nil {
		return nil, err
	}
	known, err := roots(all)
	if err != nil {
		return nil, err
	}
	full, err := tiles(arguments[0], all)
	if err != nil {
		return nil, err
	}
	seen, err := checkpoints(arguments[0], known)
	if err != nil {
		return nil, err
	}
	said := map[string]any{
		"entries": len(all), "root": hex.EncodeToString(known[len(all)]), "tiles": full,
		"checkpoints": seen.checkpoints, "both": seen.both,
	}
	if len(arguments) == 2 {
		said["inclusion"], said["consistency"], err = proofs(arguments[1], all, known)
	}
	return said, err
}

func main() {
	said, err := run(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "audit-verifier:", err)
		os.Exit(1)
	}
	text, _ := json.Marshal(said)
	fmt.Println(string(text))
}
