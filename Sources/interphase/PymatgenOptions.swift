import ArgumentParser
import Atomistics
import FileFormats
import Foundation
import Interfaces
import Workflows

/// `interphase interface --like pymatgen`
struct PymatgenOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "List by the conventions of another program: pymatgen; with both faces and -o, build.",
      discussion: "Slabs are one layer thick unless their thickness is given."))
  var like: Convention?

  // A face may begin with a minus.
  @Option(parsing: .unconditional, help: "The electrolyte's face only, e.g. \"1 0 0\".")
  var electrolyteFace: String?

  @Option(parsing: .unconditional, help: "The metal's face only, e.g. \"1 1 0\".")
  var anodeFace: String?

  @Flag(
    inversion: .prefixedNo,
    help: "Either side may be within the limits of the other, as in the builder.")
  var bidirectional = true

  @Option(help: "Which side is the film: mirrored, strained, on top.") var film = Region.electrolyte

  @Option(help: "Where electrolyte and metal are cut: numbers of the lists for their faces.")
  var terminations: String?

  @Option(help: "From the substrate's highest plane to the film's lowest (default: 2 Å).")
  var filmGap: String?

  enum Convention: String, ExpressibleByArgument, CaseIterable { case pymatgen }

  func validate() throws {
    guard like == nil else { return }
    let isAsked =
      electrolyteFace != nil || anodeFace != nil || !bidirectional || film != .electrolyte
      || terminations != nil || filmGap != nil
    if isAsked {
      throw ValidationError(
        "--electrolyte-face, --anode-face, --no-bidirectional, --film, --terminations and "
          + "--film-gap go with --like pymatgen")
    }
  }

  /// The faces of one side: the one asked for, or all.
  func faces(_ text: String?, upTo largest: Int) throws -> [MillerIndex] {
    guard let text else { return MillerIndex.all(upTo: largest) }
    guard let n = Self.numbers(text), n.count == 3,
      let face = MillerIndex(validating: n[0], n[1], n[2])
    else {
      throw ValidationError(
        "a face is three whole numbers without a common divisor, e.g. \"1 1 0\"; it is '\(text)'")
    }
    return [face]
  }

  /// Electrolyte, metal; counted from 1.
  func chosen() throws -> (electrolyte: Int, metal: Int) {
    guard let terminations else { return (1, 1) }
    guard let n = Self.numbers(terminations), n.count == 2, n.allSatisfy({ $0 > 0 }) else {
      throw ValidationError(
        "--terminations is two numbers of the lists, electrolyte first, e.g. \"2 1\"; it is "
          + "'\(terminations)'")
    }
    return (n[0], n[1])
  }

  private static func numbers(_ text: String) -> [Int]? {
    let words = text.split { " (),".contains($0) }
    let numbers = words.compactMap { Int($0) }
    return numbers.count == words.count ? numbers : nil
  }
}

extension Region: ExpressibleByArgument {}
