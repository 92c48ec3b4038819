import Foundation

/// Bytes packed by the gzip program, so that the reader is held against another's writing.
func gzipped(_ data: Data) throws -> Data {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/bin/gzip")
  process.arguments = ["-c", "-n"]
  let input = Pipe()
  let output = Pipe()
  process.standardInput = input
  process.standardOutput = output
  try process.run()
  DispatchQueue.global().async {
    try? input.fileHandleForWriting.write(contentsOf: data)
    try? input.fileHandleForWriting.close()
  }
  let packed = try output.fileHandleForReading.readToEnd() ?? Data()
  process.waitUntilExit()
  return packed
}

func gzipped(_ text: String) throws -> Data { try gzipped(Data(text.utf8)) }
