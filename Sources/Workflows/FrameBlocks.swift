/// The frames of a text of extended XYZ as they stand in it, for files that grow frame by frame.
struct FrameBlocks {
  /// The text of each whole frame.
  private(set) var whole: [String] = []
  /// What follows the last whole frame: nothing, or a frame that was cut off.
  let rest: String

  /// - Returns: nil where the text is not made of frames.
  init?(_ text: String) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    var next = 0
    while next < lines.count - 1 {
      guard let count = Int(lines[next]), count > 0 else { return nil }
      let end = next + count + 2
      // The last piece is what follows the last line break: nothing, or the beginning of a line.
      guard end < lines.count else { break }
      whole.append(lines[next..<end].joined(separator: "\n") + "\n")
      next = end
    }
    rest = lines[next...].joined(separator: "\n")
    guard rest.isEmpty || lines[next].allSatisfy(\.isNumber) else { return nil }
  }

  /// The second line of what was cut off, if it was written whole.
  var commentOfRest: Substring? {
    let lines = rest.split(separator: "\n", maxSplits: 2, omittingEmptySubsequences: false)
    return lines.count > 2 ? lines[1] : nil
  }
}
