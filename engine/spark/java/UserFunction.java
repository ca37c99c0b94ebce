package stateline;

import java.util.Iterator;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.streaming.GroupState;

/** One call of the user's Python function; py4j implements it in the driver's Python process. */
public interface UserFunction {
  Outcome call(int partition, Row key, Iterator<Row> rows, GroupState<String> state);
}
