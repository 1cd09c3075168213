// The rival of our actors: a Kafka Streams application that counts and sums by key, exactly once, every update told.
// Compiled by kafkaBench.ts with the javac at hand. Arguments: brokers, input topic, output topic, state folder, threads,
// commit interval in ms; then a question a line, as kafkaWork.ts has them.
// - The JVM lives through all rounds, so that later ones meet compiled code; each round is a new application.
// - State in memory, as ours is, with its changelog; RocksDB, the default, only costs more. No cache: a cache would tell
//   several updates of a key as one.
// - Fetches, batches and polls as large as ours; the collector that costs least processor time.
import com.sun.management.OperatingSystemMXBean;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.state.Stores;

class StreamsRival {
  static final OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  public static void main(String[] args) throws Exception {
    BufferedReader questions = new BufferedReader(new InputStreamReader(System.in));
    for (String line = questions.readLine(); line != null; line = questions.readLine()) {
      System.out.println(run(args, text(line, "group"), Long.parseLong(text(line, "records")), text(line, "batchRecords")));
    }
  }

  static String text(String json, String name) {
    Matcher found = Pattern.compile("\"" + name + "\":\"?([^\",}]*)").matcher(json);
    if (!found.find()) throw new IllegalArgumentException("no " + name + " in " + json);
    return found.group(1);
  }

  static Properties settings(String[] args, String group, String batchRecords) {
    Properties settings = new Properties();
    settings.put(StreamsConfig.APPLICATION_ID_CONFIG, group);
    settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, args[0]);
    settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    settings.put(StreamsConfig.STATE_DIR_CONFIG, args[3]);
    settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, args[4]);
    settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, args[5]);
    settings.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0);
    settings.put(StreamsConfig.METRICS_RECORDING_LEVEL_CONFIG, "INFO");
    settings.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
    settings.put(StreamsConfig.consumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG), batchRecords);
    settings.put(StreamsConfig.consumerPrefix(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG), 4 << 20);
    settings.put(StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), 512 << 10);
    settings.put(StreamsConfig.producerPrefix(ProducerConfig.BUFFER_MEMORY_CONFIG), 128 << 20);
    settings.put(StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG), 8 << 20);
    settings.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), 20);
    return settings;
  }

  static String run(String[] args, String group, long records, String batchRecords) throws Exception {
    AtomicLong done = new AtomicLong();
    long[] begin = new long[2];
    StreamsBuilder builder = new StreamsBuilder();
    builder.stream(args[1], Consumed.with(Serdes.String(), Serdes.ByteArray()))
        .groupByKey(Grouped.with(Serdes.String(), Serdes.ByteArray()))
        .aggregate(
            () -> new byte[16],
            (key, value, before) -> {
              if (done.getAndIncrement() == 0) {
                begin[1] = system.getProcessCpuTime();
                begin[0] = System.nanoTime();
              }
              ByteBuffer total = ByteBuffer.wrap(before);
              return ByteBuffer.allocate(16).putDouble(total.getDouble(0) + 1).putDouble(total.getDouble(8) + (value[0] & 0xff)).array();
            },
            Materialized.<String, byte[]>as(Stores.inMemoryKeyValueStore("totals"))
                .withKeySerde(Serdes.String())
                .withValueSerde(Serdes.ByteArray())
                .withCachingDisabled())
        .toStream()
        .to(args[2], Produced.with(Serdes.String(), Serdes.ByteArray()));
    Properties settings = settings(args, group, batchRecords);
    KafkaStreams streams = new KafkaStreams(builder.build(), settings);
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", args[0]))) {
      Map<TopicPartition, Long> ends = ends(admin, args[1]);
      streams.start();
      while (done.get() < records) Thread.sleep(2);
      while (!isCommitted(admin, group, ends)) Thread.sleep(5);
      double seconds = (System.nanoTime() - begin[0]) / 1e9;
      double cpuSeconds = (system.getProcessCpuTime() - begin[1]) / 1e9;
      return "{\"units\":" + done.get() + ",\"seconds\":" + seconds + ",\"cpuSeconds\":" + cpuSeconds + "}";
    } finally {
      streams.close(Duration.ofSeconds(60));
      streams.cleanUp();
    }
  }

  static Map<TopicPartition, Long> ends(Admin admin, String topic) throws Exception {
    Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
    int partitions = admin.describeTopics(java.util.List.of(topic)).allTopicNames().get().get(topic).partitions().size();
    for (int i = 0; i < partitions; i++) asked.put(new TopicPartition(topic, i), OffsetSpec.latest());
    Map<TopicPartition, Long> ends = new HashMap<>();
    admin.listOffsets(asked).all().get().forEach((place, info) -> ends.put(place, info.offset()));
    return ends;
  }

  /** The last offset of a partition is the mark of a transaction, which a commit may leave to the next. */
  static boolean isCommitted(Admin admin, String group, Map<TopicPartition, Long> ends) throws Exception {
    Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
    for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
      OffsetAndMetadata found = committed.get(end.getKey());
      if (found == null || found.offset() < end.getValue() - 1) return false;
    }
    return true;
  }
}
