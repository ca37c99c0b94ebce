package stateline;

import java.util.List;

/** What a call gave back: its rows as text, or what it raised. */
public final class Outcome {
  final List<String> rows;
  final Throwable error;

  public Outcome(List<String> rows, Throwable error) {
    this.rows = rows;
    this.error = error;
  }
}
