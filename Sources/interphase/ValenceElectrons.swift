import ArgumentParser
import Atomistics
import Foundation

/// What `--valence-electrons Li=3,P=5,...` says of each element; empty where nothing was said.
func valenceElectronsTold(_ text: String?) throws -> [Element: Double] {
  guard let text else { return [:] }
  var numbers: [Element: Double] = [:]
  for part in text.split(separator: ",") {
    let sides = part.split(separator: "=").map { $0.trimmingCharacters(in: .whitespaces) }
    guard sides.count == 2, let number = Double(sides[1]), number.isFinite else {
      throw ValidationError(
        "--valence-electrons has '\(part)'; expected element and number as in Li=3,P=5")
    }
    guard let element = Element(sides[0]) else {
      throw AtomisticsError.unknownElement(sides[0], context: "in --valence-electrons")
    }
    numbers[element] = number
  }
  guard !numbers.isEmpty else {
    throw ValidationError("--valence-electrons takes numbers such as Li=3,P=5")
  }
  return numbers
}
