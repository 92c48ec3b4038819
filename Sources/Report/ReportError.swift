/// What can go wrong while figures and pages are drawn and written.
///
/// `description` is the whole message: what, where, what was expected and what to do.
public enum ReportError: Error, CustomStringConvertible, Sendable, Equatable {
  /// No `gnuplot` on this machine.
  case gnuplotMissing(searched: String)
  /// gnuplot was found and did not draw the figure.
  case gnuplotFailed(figure: String, message: String)
  /// A figure without a single value that could be drawn.
  case nothingToDraw(figure: String, reason: String)
  /// A file or folder could not be written.
  case cannotWrite(path: String, reason: String)

  public var description: String {
    switch self {
    case .gnuplotMissing(let searched):
      "figures are drawn by gnuplot, which was not found (looked in \(searched)); "
        + "install it with: apt-get install gnuplot-nox"
    case .gnuplotFailed(let figure, let message):
      "gnuplot could not draw the figure '\(figure)': \(message); "
        + "gnuplot 5.4 with the svg terminal is expected"
    case .nothingToDraw(let figure, let reason):
      "the figure '\(figure)' has nothing to draw: \(reason); "
        + "give every series at least one finite point, or leave it out"
    case .cannotWrite(let path, let reason):
      "cannot write \(path): \(reason); check the free space and the permissions there"
    }
  }
}
