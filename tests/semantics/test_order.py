"""Who is called when, and where (SEMANTICS 0.16 to 0.20, 1.3): orders that real Spark showed."""

from tests.helpers import replayed

SEEN = "def updateState(key, values, state):\n    state.update(1)\n    state.setTimeoutDuration(1000)\n    return [(key,)]\n"


def keys(trace, reason="data"):
    return [call.key[0] for call in trace.calls if call.reason == reason]


def test_keys_with_data_are_called_in_ascending_order_nulls_first_strings_by_their_bytes():
    rows = [{"k": key} for key in ["é", "a", "B", "10", "9", "", "aa", None]]
    assert keys(replayed(SEEN, (0, rows))) == [None, "", "10", "9", "B", "a", "aa", "é"]


def test_numbers_are_ordered_as_signed_numbers():
    rows = [{"k": key} for key in [5, -1, 0, 256, None]]
    assert keys(replayed(SEEN, (0, rows))) == [None, -1, 0, 5, 256]


def test_a_composite_key_is_a_tuple_ordered_column_by_column():
    rows = [{"k": "b", "n": 1}, {"k": "a", "n": 2}, {"k": "a", "n": 1}]
    trace = replayed(SEEN, (0, rows), key=["k", "n"])
    assert [call.key for call in trace.calls] == [("a", 1), ("a", 2), ("b", 1)]
    assert trace.calls[0].output == [[["a", 1]]]


def test_values_of_a_key_keep_their_order_of_arrival():
    code = "def updateState(key, values, state): return [(v.n,) for v in values]"
    rows = [{"k": "a", "n": n} for n in (3, 1, 2)]
    assert replayed(code, (0, rows)).calls[0].output == [[3], [1], [2]]


def test_timed_out_keys_come_in_the_order_of_the_state_store_not_of_their_keys():
    timed_out = keys(replayed(SEEN, (0, "a b c d e f"), (5000, "")), "timeout")
    assert sorted(timed_out) == ["a", "b", "c", "d", "e", "f"]
    assert timed_out != sorted(timed_out)


def test_the_rocksdb_store_calls_timed_out_keys_by_length_then_bytes():
    conf = {
        "spark.sql.streaming.stateStore.providerClass": (
            "org.apache.spark.sql.execution.streaming.state.RocksDBStateStoreProvider"
        )
    }
    trace = replayed(SEEN, (0, "bb a c aaa"), (5000, ""), conf=conf)
    assert keys(trace, "timeout") == ["a", "c", "bb", "aaa"]


def test_with_several_partitions_output_comes_partition_by_partition():
    trace = replayed(SEEN, (0, "a b c d e f g h"), shuffle_partitions=2)
    partitions = [call.partition for call in trace.calls]
    assert partitions == sorted(partitions)
    assert set(partitions) == {0, 1}
