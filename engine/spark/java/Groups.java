package stateline;

import java.util.Arrays;
import java.util.Iterator;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapGroupsWithStateFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.streaming.GroupState;
import org.apache.spark.sql.streaming.GroupStateTimeout;
import org.apache.spark.sql.streaming.OutputMode;
import org.apache.spark.sql.types.StructType;

/** flatMapGroupsWithState around a Python function. State and output rows are text, which Python writes and reads. */
public final class Groups {
  /** The function of the query that runs: in local mode the tasks live in this very process. */
  private static volatile UserFunction function;

  private Groups() {}

  public static void use(UserFunction userFunction) {
    function = userFunction;
  }

  public static Dataset<String> flatMap(
      Dataset<Row> rows, String[] keyColumns, OutputMode outputMode, GroupStateTimeout timeoutConf) {
    String first = keyColumns[0];
    String[] others = Arrays.copyOfRange(keyColumns, 1, keyColumns.length);
    StructType keySchema = rows.select(first, others).schema(); // Spark finds the columns, whatever their capitals
    FlatMapGroupsWithStateFunction<Row, Row, String, String> call = Groups::call;
    return rows.groupBy(first, others)
        .as(Encoders.row(keySchema), Encoders.row(rows.schema()))
        .flatMapGroupsWithState(call, outputMode, Encoders.STRING(), Encoders.STRING(), timeoutConf);
  }

  private static Iterator<String> call(Row key, Iterator<Row> rows, GroupState<String> state) throws Exception {
    Outcome outcome = function.call(TaskContext.getPartitionId(), key, rows, state);
    if (outcome.error instanceof Error) throw (Error) outcome.error;
    if (outcome.error != null) throw (Exception) outcome.error;
    return outcome.rows.iterator();
  }
}
