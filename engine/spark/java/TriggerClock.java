package stateline;

import org.apache.spark.util.Clock;

/** The trigger clock of one run, turned by hand. Between two triggers Spark's stream thread waits in it. */
public final class TriggerClock implements Clock {
  private long nowMs;
  private boolean idle = false;

  public TriggerClock(long nowMs) {
    this.nowMs = nowMs;
  }

  /** Lets the waiting stream thread run its next trigger, at this time. The time may be the same as before. */
  public synchronized void fire(long timeMs) {
    nowMs = timeMs;
    idle = false;
    notifyAll();
  }

  /** True as soon as the stream thread has ended its trigger; false when that took longer. */
  public synchronized boolean awaitIdle(long timeoutMs) throws InterruptedException {
    long endNs = System.nanoTime() + timeoutMs * 1_000_000;
    while (!idle) {
      long leftMs = (endNs - System.nanoTime()) / 1_000_000;
      if (leftMs <= 0) return false;
      wait(leftMs);
    }
    return true;
  }

  @Override
  public synchronized long getTimeMillis() {
    return nowMs;
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  /** Called by the stream thread when a trigger is over. */
  @Override
  public synchronized long waitTillTime(long targetMs) {
    idle = true;
    notifyAll();
    while (idle) {
      try {
        wait();
      } catch (InterruptedException stopped) {
        throw TriggerClock.<RuntimeException>unchecked(stopped); // Spark stops a query so, and expects this class
      }
    }
    return nowMs;
  }

  @SuppressWarnings("unchecked")
  private static <T extends Throwable> T unchecked(Throwable error) throws T {
    throw (T) error;
  }
}
