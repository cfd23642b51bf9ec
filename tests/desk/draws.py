"""What is drawn for a random life of a story: how often what is right, how often what is not."""

from datetime import timedelta

from hypothesis import strategies as st

from articles.desk.sheet import Pending
from tests.desk.pressing import HOUR

SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)
forward = st.sampled_from([0 * SECOND] * 4 + [SECOND, MINUTE, HOUR, 3 * HOUR])
ahead = st.sampled_from([MINUTE, HOUR, HOUR, 2 * HOUR, DAY, -HOUR])
ends = st.one_of(st.none(), ahead)
stale = st.sampled_from([0] * 20 + [-1, 1])
back = st.sampled_from([0] * 8 + [1, 1, 2, 2, 4, -1])  # which revision; -1: one that is not there
reasons = st.sampled_from(["It was asked for"] * 12 + [""])
notes = st.sampled_from(["It was another harbour."] * 3 + [""])
changes = st.sampled_from(["update"] * 12 + ["correction", "correction", "typo", "legal", ""])
choices = st.sampled_from([*[Pending.KEEP, Pending.CANCEL, Pending.MERGE] * 3, None])
