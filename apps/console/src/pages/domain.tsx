export default function P() {
  return <h1>domain</h1>;
}
