"""Our own bank of seeded bugs: small changes of our code, each with the check that must catch it.

A suite that cannot fail is worth nothing. Each row changes one place into what a tired hand might have written; `make
bugs` puts them in one by one, runs the check, and counts. `before` stands exactly once in its file: a test holds that.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bug:
    """One seeded bug. `check`: what pytest is asked to run; it must fail with the bug and pass without."""

    group: str
    path: str
    before: str
    after: str
    check: str


VM = "tests/unit/vm"
MACHINE = "tests/unit/vm/test_machine.py"
INSTRUCTIONS = "tests/unit/vm/test_instructions.py"
ENTRIES = "tests/unit/vm/test_entries.py"
VALUES = "tests/unit/isa/test_values.py"
MEANING = "tests/language/test_meaning.py"
KEYS = "tests/unit/ledger/test_keys.py"
CANARIES = "tests/simulator/test_canaries.py"
TREE = "tests/properties/test_state_tree.py tests/unit/state/test_tree.py"
LOG = "tests/unit/state/test_merkle_log.py"
PROOFS = "tests/unit/state/test_proofs.py tests/properties/test_state_proofs.py"
JOURNAL = "tests/unit/ledger/test_journal.py"
CHAIN = "tests/unit/ledger/test_chain.py"
LMDB = "tests/unit/state/test_lmdb.py"
FILES = "tests/unit/test_files.py"
CRASHES = "tests/crashes/test_crashes.py::test_every_point_and_some_states_of_a_stores_file"
NETWORK = "tests/network/test_network.py"
UNDONE = "tests/network/test_undone.py"
UNSETTLED = (
    "tests/simulator/test_simulations.py::test_a_block_that_too_few_have_kept_is_not_acknowledged_and_never_replaced"
)
FOLDER = "tests/network/test_folder.py"
DIFFERED = FOLDER + "::test_a_city_that_differed_stays_out_when_the_network_is_opened_again"
RULES = "tests/network/test_making_rules.py"
REJECTIONS = "tests/network/test_rejections.py"
EVIDENCE = "tests/network/test_evidence.py"
CODEC = "tests/unit/ledger/test_codec.py"
NUMBERS = "tests/instruments/test_worked_numbers.py tests/instruments/test_calendars.py"
VERIFIER = "tests/unit/isa"
QUERIES = "tests/network/test_queries.py"

_ARITHMETIC = "gbalang/vm/interpreter/arithmetic.py"
_DATES = "gbalang/vm/interpreter/dates.py"
_LEDGER = "gbalang/vm/interpreter/ledger.py"
_PARTS = "gbalang/vm/interpreter/parts.py"
_STRUCTURE = "gbalang/vm/interpreter/structure.py"
_OPERATIONS = "gbalang/vm/compiled/operations.py"
_BODY = "gbalang/vm/compiled/body.py"
_TRANSLATE = "gbalang/vm/compiled/translate.py"
_CODECS = "gbalang/vm/compiled/codecs.py"
_TREE = "runtime/state/tree.py"
_PROOFS = "runtime/state/proofs.py"
_NUMBERS = "gbalang/check/numbers.py"
_EMIT = "gbalang/emit/expressions.py"
_CHECKS = "runtime/simulator/checks.py"

BUGS: tuple[Bug, ...] = (
    # the machine: the interpreter
    Bug("machine", _ARITHMETIC, "if not -_BOUND < value < _BOUND:", "if not -_BOUND <= value <= _BOUND:", VM),
    Bug("machine", _ARITHMETIC, "    if denominator < 0:\n        common = -common\n", "", VM),
    Bug("machine", _ARITHMETIC, "(below + 1, below) if numerator > 0", "(below + 1, below) if numerator >= 2", VM),
    Bug("machine", _ARITHMETIC, "return below + below % 2", "return below", VM),
    Bug("machine", _ARITHMETIC, "    if right[0] == 0:\n        fault(Fault.DIVISION_BY_ZERO)\n", "", VM),
    Bug("machine", _DATES, "day_of_month <= last", "day_of_month < last", VM),
    Bug("machine", _DATES, "(1 if month_end is MonthEnd.UP else 0)", "0", VM),
    Bug("machine", _DATES, "working += state != DAY_OFF", "working += state == DAY_WORKING", VM + " " + NUMBERS),
    Bug("machine", _DATES, "for day in range(early + 1, late + 1):", "for day in range(early, late):", VM),
    Bug("machine", _DATES, "        day = held_date(day + step)\n", "        day = day + step\n", VM),
    Bug("machine", _LEDGER, "place = bisect_right(days, day)", "place = bisect_left(days, day)", VM + " " + NUMBERS),
    Bug("machine", _LEDGER, "        if since <= day:\n", "        if since < day:\n", VM),
    Bug("machine", _LEDGER, "limit + 1)\n        if len(found) > limit:",
        "limit)\n        if len(found) > limit:", VM),
    Bug("machine", _PARTS, "if not 1 <= number <= len(items):", "if not 0 <= number <= len(items):", VM),
    Bug("machine", _PARTS, "if high - low >= limit:", "if high - low > limit:", VM),
    Bug("machine", _PARTS, "for encoding in sorted(by_encoding)", "for encoding in by_encoding", VM),
    Bug("machine", _STRUCTURE, "return None if frame.stack.pop() else otherwise",
        "return otherwise if frame.stack.pop() else None", VM),
    Bug("machine", "gbalang/vm/interpreter/run.py", "            cost += charge\n", "            cost += 1\n", MACHINE),
    Bug("machine", "gbalang/vm/interpreter/frame.py", "if len(self.reasons) < REASONS_MAX - 1:",
        "if len(self.reasons) < REASONS_MAX:", MACHINE),
    Bug("machine", "gbalang/vm/machine.py", "        and context.actor_kind in role.kinds\n", "", VM + " " + REJECTIONS),
    Bug("machine", "gbalang/vm/machine.py", "and (role.open or role.name in context.roles)", "and True", VM),
    Bug("machine", "gbalang/vm/machine.py", "if function.cost_max > cost_limit:", "if function.cost_max < 0:", VM),
    # the compiled engine
    Bug("compiler", _BODY, "            if changing in value.locals:\n", "            if changing < 0:\n", MACHINE),
    Bug("compiler", _BODY, "            rest += cost\n", "            rest += 1\n", MACHINE),
    Bug("compiler", _BODY, "if value.weight or any(local in self.assigned for local in value.locals):",
        "if value.weight:", MACHINE),
    Bug("compiler", _TRANSLATE, "call.cost += charged - rests[at]", "call.cost += charged", MACHINE),
    Bug("compiler", _TRANSLATE, '        if kind == "if":\n            body.pass_instruction(place.position, cost)\n', "",
        MACHINE),
    Bug("compiler", _TRANSLATE, "    if stopped.function < 0:", "    if True:", MACHINE),
    Bug("compiler", _OPERATIONS, 'Rounding.UP: "-(-{n} // {d}) if {n} > 0 else {n} // {d}"',
        'Rounding.UP: "-(-{n} // {d})"', VM),
    Bug("compiler", _OPERATIONS, '"less_or_equal": operator("{} <= {}")', '"less_or_equal": operator("{} < {}")', VM),
    Bug("compiler", _OPERATIONS, '"days_between": operator("{1} - {0}")', '"days_between": operator("{0} - {1}")', VM),
    Bug("compiler", _OPERATIONS, '"amend": writing("is None", Fault.MISSING_ENTRY)',
        '"amend": writing("is False", Fault.MISSING_ENTRY)', VM),
    Bug("compiler", _OPERATIONS, "({a} * {d}, {b} * {c}) if {c} > 0 else", "({a} * {d}, {b} * {c}) if {c} else",
        INSTRUCTIONS),
    Bug("compiler", _OPERATIONS, '("entries", place.operand)', '("entries",)', ENTRIES),
    Bug("compiler", _CODECS, 'return f"(b\'\\\\x01\' if {name} else b\'\\\\x00\')"', 'return f"(b\'\\\\x01\')"', ENTRIES),
    # the drafter's side: checking and emitting
    Bug("drafting", _NUMBERS, '"half up": p.Rounding.HALF_UP', '"half up": p.Rounding.HALF_EVEN', MEANING),
    Bug("drafting", _NUMBERS, "scale = left.type.scale + right.type.scale",
        "scale = max(left.type.scale, right.type.scale)", MEANING),
    Bug("drafting", _NUMBERS, 'if which == "least" else (new, old)', 'if which != "least" else (new, old)', MEANING),
    Bug("drafting", _EMIT, '"month": 2, "day": 3', '"month": 3, "day": 2', MEANING),
    Bug("drafting", _EMIT, "_choice(code, value.left, t.Constant(value=True, type=_TRUTH), value.right, _TRUTH)",
        "_choice(code, value.left, value.right, t.Constant(value=True, type=_TRUTH), _TRUTH)", MEANING),
    # encodings and the verifier
    Bug("encoding", "gbalang/isa/encoding.py", "        if byte == 0:\n", "        if byte == 1:\n", VALUES),
    Bug("encoding", "gbalang/isa/encoding.py", "        if self._position != self._end:\n",
        "        if self._position > self._end:\n", CODEC),
    Bug("encoding", "gbalang/isa/values.py", "            if number and encoded <= before:\n",
        "            if number and encoded < before:\n", VALUES),
    Bug("encoding", "gbalang/isa/values.py", 'data.replace(b"\\x00", b"\\x00\\xff") + b"\\x00\\x00"', 'data + b"\\x00"',
        VALUES),
    Bug("encoding", "runtime/codec.py", "        if len(data) > self.bytes_max:\n", "        if len(data) < 0:\n",
        CODEC),
    Bug("encoding", "gbalang/isa/values.py", "return bytes((0x80 - length,))", "return bytes((0x7F + length,))", VALUES),
    Bug("encoding", "runtime/codec.py", "        if not data.startswith(self.mark):\n", "        if not data:\n", CODEC),
    Bug("verifier", "gbalang/isa/costs.py", "inside = max(sums.pop(), dearer.pop())",
        "inside = min(sums.pop(), dearer.pop())", VERIFIER + " " + VM),
    Bug("verifier", "gbalang/isa/costs.py", "    if depth > CALL_DEPTH_MAX:\n", "    if depth > CALL_DEPTH_MAX + 1:\n",
        VERIFIER + " " + MACHINE),
    # the state
    Bug("state", _TREE, "_LEAF_MARK + path + hashed", "_LEAF_MARK + hashed + path", TREE),
    Bug("state", _TREE, "            if only is None or only[1][0] == LEAF:\n", "            if only is None:\n", TREE),
    Bug("state", _TREE, "        if hash_before != hash_after:\n", "        if True:\n", TREE),
    Bug("state", "runtime/merkle_log.py", "        while size & 1:  # a full", "        while size & 2:  # a full", LOG),
    Bug("state", "runtime/merkle_log.py", '    return sha256(b"\\x01" + left + right).digest()',
        '    return sha256(b"\\x00" + left + right).digest()', LOG),
    Bug("state", "runtime/state/proofs.py", "if sha256(other.key).digest() < sha256(key).digest():",
        "if other.key < key:", PROOFS),
    Bug("state", _PROOFS, "        return root == EMPTY_ROOT\n", "        return True\n", PROOFS),
    Bug("state", _PROOFS, "or _is_right(step) != turns_right(path, depth)", "", PROOFS),
    Bug("state", "runtime/keys.py", "return bytes((len(data),)) + data", "return data", KEYS),
    Bug("state", "runtime/keys.py", 'version.to_bytes(4, "big")', 'version.to_bytes(4, "little")', KEYS),
    Bug("state", "runtime/journal.py", "            if self._committed(key) != self._block.changes[key]", "            if True",
        JOURNAL),
    Bug("state", "runtime/journal.py", "        for key in self._transaction.ordered:\n            self._forget(key)\n", "", JOURNAL),
    # stores
    Bug("store", "runtime/state/lmdb.py", "    if stored[:CHECKSUM_BYTES] != checksum(key, value):\n",
        "    if False:\n", LMDB),
    Bug("store", "runtime/state/lmdb.py", "            _remove_seal(self._path)\n            self._is_sealed = False\n",
        "            self._is_sealed = False\n", LMDB),
    Bug("store", "runtime/state/lmdb.py", "    if said != SOUND:\n", '    if said not in (SOUND, ""):\n', LMDB),
    Bug("store", "runtime/state/lmdb.py", "        copy.replace(path / DATA_FILE)\n", "", LMDB),
    Bug("store", "runtime/state/lmdb.py", "and_seal=not self._is_suspect", "and_seal=True", LMDB),
    Bug("store", "runtime/state/lmdb.py", '                    total -= int.from_bytes(before[:CHECKSUM_BYTES], "big")\n',
        "                    pass\n", LMDB + " tests/properties/test_state_stores.py"),
    Bug("store", "runtime/state/lmdb_form.py", "    if total % SUMS != read_tally(transaction):\n", "    if not transaction:\n",
        LMDB),
    Bug("store", "runtime/state/lmdb_form.py", "    if commit != transaction.id():\n", "    if not commit:\n", LMDB),
    # files
    Bug("store", "runtime/files.py", "            os.fsync(file.fileno())\n", "", FILES),
    Bug("store", "runtime/files.py", "    if steps.lasting:\n        sync_folder(path.parent)\n", "", FILES),
    Bug("store", "runtime/files.py", '    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".new")\n',
        "    name = str(path)\n    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)\n", FILES),
    Bug("store", "runtime/embedded/folder.py", '        self._write_mark(city, "it was being rebuilt")\n',
        '        self._write_mark(city, "")\n', CRASHES),
    Bug("store", "runtime/node.py", "        writes.append((META_CHAIN, codec.encode_chain_end(end)))\n        self.store.commit(writes)\n",
        "        self.store.commit(writes)\n        self.store.commit([(META_CHAIN, codec.encode_chain_end(end))])\n",
        NETWORK + "::test_keeping_a_block_is_one_commit_of_the_store"),
    # the transition
    Bug("transition", "runtime/transition.py", "            journal.drop()\n", "            pass\n", UNDONE),
    Bug("transition", "runtime/transition.py", "    if transaction.sequence < expected:\n",
        "    if transaction.sequence + 1 < expected:\n", REJECTIONS),
    Bug("transition", "runtime/transition.py", "if not oracle.verify(signer.suite, signer.public_key, message, signed.signature):",
        "if not signed.signature:", REJECTIONS),
    Bug("transition", "runtime/identities.py", "    if now_s > fields.not_after_s:\n", "    if now_s > fields.not_after_s + 1:\n",
        REJECTIONS + " " + QUERIES),
    Bug("transition", "runtime/calls.py", "    commenced = [pair for pair in versions if pair[1].commencement_day <= day]",
        "    commenced = [pair for pair in versions if pair[1].commencement_day < day]", RULES + " " + REJECTIONS),
    Bug("transition", "runtime/calls.py", "    if context.actor_city not in program.parties:\n        return rejected",
        "    if not context.actor_city:\n        return rejected", REJECTIONS),
    Bug("transition", "runtime/governance.py", "    if payload.digest != ballot.digest:\n", "    if not payload.digest:\n", RULES),
    Bug("transition", "runtime/governance.py", "    if journal.get(key) is not None:\n        return rejected(Rejection.POSITION_MUST_BE_THE_FIRST)\n",
        "", RULES),
    Bug("transition", "runtime/governance.py", "        case Position.AGREE | Position.AGREE_WITH_RESERVATION:\n            return",
        "        case Position.AGREE | Position.AGREE_WITH_RESERVATION | Position.ABSTAIN:\n            return", RULES),
    # quorum and network
    Bug("quorum", "runtime/chain.py", "    if len(signatures) < QUORUM:\n", "    if len(signatures) < QUORUM - 1:\n",
        CHAIN),
    Bug("quorum", "runtime/chain.py", "or len(frozenset(cities)) != len(cities) ", "", CHAIN),
    Bug("quorum", "runtime/embedded/network.py", "        if len(signatures) < QUORUM:\n            return len(signatures)\n",
        "        if len(signatures) < QUORUM - 1:\n            return len(signatures)\n",
        NETWORK + "::test_seven_of_eight_cities_that_agree_make_no_block"),
    Bug("network", "runtime/node.py", "        if candidate.header != header:\n            raise",
        "        if candidate.header.height != header.height:\n            raise",
        FOLDER + "::test_a_city_that_is_behind_and_differs_is_set_aside_when_it_cannot_follow"),
    Bug("network", "runtime/embedded/network.py", "                del self._waiting[: len(batch)]\n",
        "                self._waiting.clear()\n",
        NETWORK + "::test_what_does_not_fit_into_a_block_waits_for_the_next"),
    Bug("network", "runtime/node.py",
        "        if header.previous != self.end.last_hash or header.height != self.end.height + 1:\n", "        if False:\n",
        NETWORK),
    Bug("network", "runtime/embedded/network.py", "        if kept < QUORUM:\n            self._unsettled", "        if kept < 0:\n            self._unsettled",
        UNSETTLED),
    Bug("network", "runtime/embedded/folder.py", "                    self._set_aside(difference.city, difference_reason(difference))\n",
        "                    pass\n", DIFFERED),
    Bug("network", "runtime/embedded/folder.py", '        self._write_mark(city, "it was being rebuilt")\n', "",
        FOLDER + "::test_an_interrupted_rebuilding_leaves_the_city_out"),
    Bug("network", "runtime/embedded/folder.py", "        if reason:\n            raise", "        if not city:\n            raise",
        DIFFERED),
    Bug("network", "runtime/embedded/network.py", "        while time_ms in times:\n            time_ms += 1\n", "",
        "tests/network/test_network.py"),
    # oracles and evidence
    Bug("oracle", _CHECKS, "running >= QUORUM and len(frozenset(cities)) >= QUORUM", "running >= QUORUM",
        CANARIES + "::test_a_block_without_a_quorum_is_found"),
    Bug("oracle", _CHECKS, "            self._acknowledged.setdefault(receipt.transaction, place)\n", "            pass\n",
        CANARIES + "::test_acknowledged_writes_lost_everywhere_are_found"),
    Bug("oracle", "gbalang/testing/running.py", "self._compare(index, first == second and after == host.contents())",
        "self._compare(index, first == first and after == after)",
        "tests/unit/drafting/test_trials.py::test_a_difference_between_the_engines_is_told"),
    Bug("oracle", "runtime/evidence.py", "or codec.hash_of(body) != checksum:",
        "or not checksum:", EVIDENCE),
    Bug("oracle", "runtime/evidence.py", "    if program_digest(verified) != receipt.program:\n", "    if not receipt.program:\n",
        EVIDENCE),
    # nondeterminism
    Bug("nondeterminism", "runtime/journal.py", "        for key in self._transaction.ordered:\n            self._block.put",
        "        for key in set(self._transaction.ordered):\n            self._block.put", "tests/architecture/test_purity.py"),
    Bug("nondeterminism", "runtime/transition.py", "    receipts = []\n", '    receipts = []\n    hash(b"")\n',
        "tests/architecture/test_purity.py"),
    Bug("nondeterminism", _TREE, "        self.paths = sorted(by_path)\n", "        self.paths = list(by_path)\n", TREE),
)
