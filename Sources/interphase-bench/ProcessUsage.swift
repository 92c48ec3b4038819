import Foundation

/// What this process has used so far.
enum ProcessUsage {
  /// Processor time of all threads in seconds.
  static var cpuSeconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
  }

  /// Resident memory now and the most since the start or since `forgetPeak`, in bytes; nil where
  /// the system does not tell.
  static var resident: Int? { status("VmRSS:") }
  static var peak: Int? { status("VmHWM:") }

  /// Gives memory that is free back to the system and lets the peak begin anew. Where the system
  /// cannot, the peak stays that of the whole process, which is never too small.
  static func forgetPeak() {
    giveBackFreeMemory()
    guard let file = FileHandle(forWritingAtPath: "/proc/self/clear_refs") else { return }
    try? file.write(contentsOf: Data("5".utf8))
    try? file.close()
  }

  /// glibc's malloc_trim, which Swift's module of glibc lacks, where the C library has it.
  private static func giveBackFreeMemory() {
    typealias Trim = @convention(c) (Int) -> Int32
    guard let program = dlopen(nil, RTLD_NOW), let symbol = dlsym(program, "malloc_trim") else {
      return
    }
    _ = unsafeBitCast(symbol, to: Trim.self)(0)
  }

  private static func status(_ key: String) -> Int? {
    guard let text = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8) else {
      return nil
    }
    for line in text.split(separator: "\n") where line.hasPrefix(key) {
      let fields = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
      return fields.count > 1 ? Int(fields[1]).map { $0 * 1024 } : nil
    }
    return nil
  }
}
